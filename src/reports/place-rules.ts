import { reportUrl } from './definition-rules.ts'

/** A ward, or a site with its wards, whose own numbers somebody looks at. */
export interface Place {
  name: string
  url: string
  back: { href: string; text: string }
}

export const wardReportUrl = ({ code }: { code: string }) => `/wards/${code}/report`
export const siteReportUrl = ({ id }: { id: number }) => `/sites/${id}/report`

export function wardPlace(ward: { code: string; name: string }): Place {
  return { name: ward.name, url: wardReportUrl(ward), back: { href: `/wards/${ward.code}`, text: ward.name } }
}

export function sitePlace(site: { id: number; name: string }): Place {
  return { name: site.name, url: siteReportUrl(site), back: { href: reportUrl('wards'), text: 'All wards' } }
}
