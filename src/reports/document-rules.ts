import { escapeHtml } from '../lib/html.ts'
import type { DataTable } from '../lib/view-model.ts'
import type { Measure } from './content-rules.ts'

/** A report as it stands in a page of its own. */
interface ReportInDocument {
  title: string
  answer: readonly string[]
  chart: { title: string; words: string } | null
  /** The chart itself, as SVG. */
  picture: string | null
  tables: readonly DataTable[]
  notes: readonly string[]
  measures: readonly Measure[]
}

export interface ReportsDocument {
  organisation: string
  period: string
  written: string
  reports: readonly ReportInDocument[]
}

/**
 * All reports of a period as one page that needs nothing else: it is opened from an email, where no address of ours answers and
 * nobody is signed in. It prints on A4. Like a list's rows it is not in a view: a job writes it, which has no views.
 */
export function documentOf({ organisation, period, written, reports }: ReportsDocument): string {
  const title = `Reports for ${period}`
  const contents = reports.map(({ title: question }, at) => `<li><a href="#r${at}">${escapeHtml(question)}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(organisation)}</p>
<p>Small numbers are hidden, so that nobody can be known by them. Written on ${escapeHtml(written)}.</p>
<ol>${contents.join('')}</ol>
${reports.map(sectionOf).join('\n')}
</main>
</body>
</html>
`
}

const STYLE = `@page{size:A4;margin:15mm}body{font:11pt/1.45 Arial,sans-serif;color:#212b32;margin:0}
main{max-width:180mm;margin:0 auto;padding:5mm}section{break-before:page;margin-top:12mm}img{max-width:100%;height:auto}
table{border-collapse:collapse;width:100%;margin:0 0 8mm}caption{text-align:left;font-weight:bold;padding:2mm 0}
th,td{border-bottom:1px solid #aeb7bd;padding:1.5mm 2mm 1.5mm 0;text-align:left;vertical-align:top}
tbody th{min-width:28mm;overflow-wrap:break-word}.n{text-align:right}td.n{white-space:nowrap}
.t{overflow-x:auto}dt{font-weight:bold;break-after:avoid}dd{margin:0 0 3mm}tr{break-inside:avoid}
@media print{main{padding:0}.t{overflow:visible}}`

function sectionOf(report: ReportInDocument, at: number): string {
  const { title, answer, chart, picture, tables, notes, measures } = report
  const drawn =
    chart && picture
      ? `<h3>${escapeHtml(chart.title)}</h3><img alt="${escapeHtml(chart.words)}" src="data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}">`
      : ''
  return `<section id="r${at}">
<h2>${escapeHtml(title)}</h2>
${answer.map(paragraph).join('')}
${drawn}
${tables.map(tableOf).join('\n')}
${notes.map(paragraph).join('')}
<h3>What is counted, and what is not</h3>
<dl>${measures.map(measureOf).join('')}</dl>
</section>`
}

function tableOf({ caption, columns, rows }: DataTable): string {
  const head = columns.map(({ text, numeric }) => `<th scope="col"${classOf(numeric)}>${escapeHtml(text)}</th>`)
  const body = rows.map(({ cells }) => {
    const inside = cells.map(({ text = '', numeric }, at) =>
      at === 0 ? `<th scope="row">${escapeHtml(text)}</th>` : `<td${classOf(numeric)}>${escapeHtml(text)}</td>`,
    )
    return `<tr>${inside.join('')}</tr>`
  })
  const table = `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
  return `<div class="t" tabindex="0" role="group" aria-label="${escapeHtml(caption)}">${table}</div>`
}

function measureOf({ name, counts, outOf, leavesOut, unit, why }: Measure): string {
  const lines = [
    counts,
    ...(outOf ? [`Out of: ${outOf}`] : []),
    `Leaves out: ${leavesOut}`,
    `Unit: ${unit}. Why: ${why}`,
  ]
  return `<dt>${escapeHtml(name)}</dt><dd>${lines.map(escapeHtml).join('<br>')}</dd>`
}

const classOf = (numeric: boolean | undefined) => (numeric ? ' class="n"' : '')
const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`
