/** Nobody types four keys and Enter this fast, in milliseconds a key; every scanner does. */
const FASTEST_TYPIST = 40
const FEWEST_KEYS = 4
/** A pause this long begins a new code. */
const PAUSE = 300

/**
 * A scanner ends what it types with Enter, which would send a form that asks for several codes as soon as the first of
 * them is scanned. In such a form Enter from a scanner leads to the next box; Enter from a person sends the form.
 */
export function goOnAfterScan() {
  for (const form of document.querySelectorAll('form[method="post"]')) {
    if (form.querySelectorAll('.nhsuk-input--code').length > 1) watch(form)
  }
}

function watch(form) {
  let began = 0
  let last = 0
  let keys = 0
  form.addEventListener('keydown', (event) => {
    const now = event.timeStamp
    if (keys === 0 || now - last > PAUSE) {
      began = now
      keys = 0
    }
    last = now
    keys += 1
    if (event.key !== 'Enter') return
    const isScanned = keys > FEWEST_KEYS && (now - began) / keys < FASTEST_TYPIST
    keys = 0
    const next = isScanned && event.target.matches('.nhsuk-input--code') ? boxAfter(form, event.target) : undefined
    if (!next) return
    event.preventDefault()
    next.focus()
  })
}

/** The next box that can be seen; one that is folded away is not. */
function boxAfter(form, box) {
  const boxes = [...form.querySelectorAll('.nhsuk-input, .nhsuk-select, .nhsuk-textarea')]
  return boxes.slice(boxes.indexOf(box) + 1).find((other) => other.checkVisibility())
}
