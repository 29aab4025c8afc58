/**
 * Where the labels come out, in millimetres from the corner of their sheet. Runs in the page, and so stands alone: it is
 * sent there as text.
 */
export function measureLabels() {
  const millimetres = (pixels) => (pixels * 25.4) / 96
  return [...document.querySelectorAll('.app-label-sheet')].flatMap((sheet, at) => {
    const origin = sheet.getBoundingClientRect()
    const place = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return {
        left: millimetres(left - origin.left),
        top: millimetres(top - origin.top),
        width: millimetres(width),
        height: millimetres(height),
      }
    }
    return [...sheet.querySelectorAll('.app-label:not(.app-label--used)')].map((label) => {
      const text = label.querySelector('.app-label__text')
      const tag = label.querySelector('.app-label__tag')
      const style = getComputedStyle(label)
      const room = label.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom)
      const picture = label.querySelector('.app-label__code')
      const isWide = [text, tag].some((element) => element.scrollWidth > element.clientWidth)
      return {
        tag: tag.textContent,
        sheet: at,
        ...place(label),
        overflows: isWide || text.offsetHeight > room + 1,
        code: picture && place(picture),
      }
    })
  })
}
