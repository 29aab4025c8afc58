import type { Link } from '../lib/view-model.ts'
import type { SiteWithWards } from './place-queries.ts'
import { type Place, siteReportUrl, wardReportUrl } from './place-rules.ts'
import { presentReport, type ReportPage, type ReportShown } from './presenter.ts'

/** The report of some wards. It is for those who run them, so there is no file of it to pass on. */
export function presentPlaceReport(place: Place, shown: ReportShown, mayReadMethods: boolean): ReportPage {
  const page = presentReport(shown)
  return {
    ...page,
    caption: `${place.name}, ${page.caption}`,
    back: place.back,
    action: place.url,
    chart: null,
    files: [],
    methods: mayReadMethods ? page.methods : null,
  }
}

/** Where the numbers of each site and ward are. */
export function presentPlaces(sites: readonly SiteWithWards[]): { site: Link; wards: Link[] }[] {
  return sites.map((site) => ({
    site: { href: siteReportUrl(site), text: site.name },
    wards: site.wards.map((ward) => ({
      href: wardReportUrl(ward),
      text: ward.is_closed ? `${ward.name} (closed)` : ward.name,
    })),
  }))
}
