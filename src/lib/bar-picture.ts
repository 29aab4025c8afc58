import { createRequire } from 'node:module'

/** Bars as a picture. A value of null is not told: it has its words and no bar. */
export interface Bars {
  /** What the bars of a row are, in their order: one or two. */
  series: readonly string[]
  rows: readonly { text: string; values: readonly { n: number | null; text: string }[] }[]
}

/** A picture is made for a phone, or for anything wider, so that its words are as large as those around it. */
export type PictureWidth = 'narrow' | 'wide'

const widths: Record<PictureWidth, number> = { narrow: 340, wide: 900 }
const WORDS = 24
const BAR = 20
const GAP = 12
const LEGEND = 26
const FONT = { fontFamily: 'Arial, sans-serif', color: '#212b32' }

/**
 * The look of each series. The second is striped and has an edge, so that nobody needs to see a colour to tell them apart.
 */
const looks = [
  { color: '#005eb8', borderColor: '#005eb8', borderWidth: 1 },
  {
    color: '#ffffff',
    borderColor: '#212b32',
    borderWidth: 1,
    decal: { symbol: 'rect', color: '#4c6272', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  },
]

const require = createRequire(import.meta.url)

/** Its small build, which has no types of its own: one file of 21 MB in memory, where its modules take 90 MB and 1.3 s. */
function loadEcharts(): typeof import('echarts') {
  return require('echarts/dist/echarts.common.min.js')
}

/**
 * Draws bars as SVG: the words of a row stand above its bars, and each number at the end of its own. The library is read when
 * the first picture is asked for: most processes draw none for hours.
 */
export function barPicture({ series, rows }: Bars, width: PictureWidth): string {
  const echarts = loadEcharts()
  const fontSize = width === 'narrow' ? 14 : 16
  const top = series.length > 1 ? LEGEND * series.length : 0
  const barsHigh = BAR * series.length
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: widths[width],
    height: Math.max(1, top + rows.length * (WORDS + barsHigh + GAP)),
  })
  try {
    chart.setOption({
      animation: false,
      textStyle: FONT,
      legend: {
        show: series.length > 1,
        orient: 'vertical',
        top: 0,
        left: 0,
        itemWidth: 24,
        textStyle: { ...FONT, fontSize },
      },
      // the words of the first row need as much room above it as a row has between bars
      grid: { left: 1, right: width === 'narrow' ? 64 : 90, top: top + WORDS / 2, bottom: 0 },
      xAxis: { type: 'value', show: false, min: 0 },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ text }) => text),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: '#4c6272' } },
        axisLabel: {
          ...{ ...FONT, fontSize, fontWeight: 'bold', inside: true, margin: 5, interval: 0 },
          ...{ verticalAlign: 'bottom', padding: [0, 0, barsHigh / 2 + 2, 0] },
          ...{ width: widths[width] * 0.85, overflow: 'truncate' },
        },
        z: 3,
      },
      series: series.map((name, at) => ({
        ...{ type: 'bar', name, barWidth: BAR - 4, barGap: '20%', itemStyle: looks[at] },
        data: rows.map(({ values }) => ({
          value: values[at]?.n ?? 0,
          label: { show: true, position: 'right', formatter: values[at]?.text ?? '', fontSize, ...FONT },
        })),
      })),
    })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
