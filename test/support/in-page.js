/**
 * Functions that run inside the page. Each is sent there by itself, as text, so each stands alone.
 */

/** What axe, which is in the page already, finds wrong by these rules. */
export async function findViolations(runOnly) {
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `axe: ${help} (${id}): ${node.html}`))
}

/**
 * Waits until nothing was added, moved or taken away for five frames. In the frames after a load or a resize the NHS
 * header sets its links out anew, and the focus would be lost with them. Frames and not milliseconds, since on a busy
 * machine they take their time.
 */
export async function standStill() {
  let still = 0
  const observer = new MutationObserver(() => {
    still = 0
  })
  observer.observe(document, { childList: true, subtree: true })
  for (; still < 5; still += 1) await new Promise(requestAnimationFrame)
  observer.disconnect()
}

/** What is wider than the window, when that makes the page scroll sideways. */
export function findWide() {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const wide = [...document.body.querySelectorAll('*')].filter((element) => {
    return element.getBoundingClientRect().right > clientWidth + 1
  })
  // The innermost are the cause: what surrounds them only stretches with them.
  const causes = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)))
  return [`${scrollWidth} px wide`, ...causes.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))]
}

/** How many stops the Tab key should make, and those whose place in the order was forced. */
export function describeStops() {
  const selector =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable=true]'
  const stops = [...document.querySelectorAll(selector)].filter((element) => {
    return (
      element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true })
    )
  })
  const groups = new Set()
  const reached = stops.filter((element) => {
    if (element.type !== 'radio' || !element.name) return true
    const group = `${element.form?.id} ${element.name}`
    const isFirst = !groups.has(group)
    groups.add(group)
    return isFirst
  })
  return {
    count: reached.length,
    forced: stops.filter((element) => element.tabIndex > 0).map((element) => element.outerHTML.slice(0, 160)),
  }
}

/**
 * The kinds of things on the page, each once: what is made of our components, and the controls, each with the component
 * it stands in. What tells one kind from another is what the styles and scripts go by.
 */
export function describeKinds() {
  const isOurs = (name) => /^(nhsuk|app)-/.test(name)
  const kindOf = (element) => {
    const type = element.tagName === 'INPUT' ? `[${element.type}]` : ''
    return `${element.tagName}${type}.${[...element.classList].filter(isOurs).sort().join('.')}`
  }
  const surroundings = (element) => {
    const around = element.parentElement?.closest('[class*="nhsuk-"], [class*="app-"]')
    return around ? kindOf(around) : ''
  }
  const all = [...document.body.querySelectorAll('*')]
  const controls = all.filter((element) => {
    return element.matches('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')
  })
  return {
    controls: [...new Set(controls.map((element) => `${surroundings(element)} ${kindOf(element)}`))],
    components: [...new Set(all.filter((element) => [...element.classList].some(isOurs)).map(kindOf))],
  }
}

/**
 * The element that has the focus: which it is, what it is called, and what is wrong with it. Null at the end of the page,
 * where the focus is on nothing.
 */
export function inspectFocus() {
  const element = document.activeElement
  if (!element || element === document.body || element === document.documentElement) return null

  const smallest = 24
  const labels = [...(element.labels ?? [])]
  const targets = [element, ...labels]

  const describe = () => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160)

  const isTransparent = (color) => /^rgba\(.*, 0\)$/.test(color) || color === 'transparent'

  const look = () => {
    const nodes = [element, ...labels, element.parentElement].filter(Boolean)
    return nodes
      .flatMap((node) => ['', '::before', '::after'].map((pseudo) => getComputedStyle(node, pseudo || undefined)))
      .map((style) => {
        const hasOutline =
          style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && !isTransparent(style.outlineColor)
        const outline = hasOutline ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : 'none'
        return [
          outline,
          style.boxShadow,
          style.backgroundColor,
          style.borderColor,
          style.borderWidth,
          style.color,
        ].join()
      })
      .join(';')
  }

  const isFocusVisible = () => {
    const focused = look()
    element.blur()
    const blurred = look()
    element.focus({ preventScroll: true })
    return focused !== blurred
  }

  /** The boxes of an element, one for each line of text it runs over, as far as they are within the window. */
  const boxes = () =>
    [...element.getClientRects()].filter((box) => {
      return (
        box.width > 0 &&
        box.height > 0 &&
        box.bottom > 0 &&
        box.top < innerHeight &&
        box.right > 0 &&
        box.left < innerWidth
      )
    })

  const isMine = (found) => targets.some((target) => target.contains(found))

  const isCovered = () => {
    const inset = 2
    const points = boxes().flatMap((box) => [
      [(box.left + box.right) / 2, (box.top + box.bottom) / 2],
      [box.left + inset, box.top + inset],
      [box.right - inset, box.top + inset],
      [box.left + inset, box.bottom - inset],
      [box.right - inset, box.bottom - inset],
    ])
    const within = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight)
    return within.length === 0 || within.some(([x, y]) => !isMine(document.elementFromPoint(x, y)))
  }

  const isInsideText = () => {
    if (getComputedStyle(element).display !== 'inline') return false
    const block = element.parentElement.closest('p, li, td, th, dd, dt, div, span, label, caption, figcaption')
    return Boolean(block) && block.textContent.trim().length > element.textContent.trim().length
  }

  const sizeOf = (target) => {
    const all = [target, ...(target.labels ?? [])]
      .map((node) => node.getBoundingClientRect())
      .filter((box) => box.width > 0)
    return { width: Math.max(...all.map((box) => box.width)), height: Math.max(...all.map((box) => box.height)) }
  }

  const isSmall = (target) => {
    const { width, height } = sizeOf(target)
    // Half a pixel, since text is measured in fractions.
    return width < smallest - 0.5 || height < smallest - 0.5
  }

  /** WCAG 2.5.8, spacing: a circle of 24 px on its middle touches no other target, nor another small one's circle. */
  const isCrowded = () => {
    const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2]
    const [x, y] = middle(element.getBoundingClientRect())
    const others = [
      ...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary'),
    ]
    return others.some((other) => {
      if (other === element || !other.checkVisibility() || other.contains(element) || element.contains(other))
        return false
      const box = other.getBoundingClientRect()
      if (box.width === 0) return false
      const [otherX, otherY] = middle(box)
      if (isSmall(other)) return Math.hypot(otherX - x, otherY - y) < smallest - 0.5
      const nearestX = Math.min(Math.max(x, box.left), box.right)
      const nearestY = Math.min(Math.max(y, box.top), box.bottom)
      return Math.hypot(nearestX - x, nearestY - y) < smallest / 2 - 0.5
    })
  }

  const problems = []
  if (isCovered()) problems.push(`is covered, or outside the window: ${describe()}`)
  if (isSmall(element) && !isInsideText() && isCrowded()) {
    const { width, height } = sizeOf(element)
    problems.push(`is a target of only ${Math.round(width)} by ${Math.round(height)} pixels: ${describe()}`)
  }
  if (!isFocusVisible()) problems.push(`does not show that it has the focus: ${describe()}`)

  // Where it is among all elements tells one from another, also where two look alike.
  const place = [...document.querySelectorAll('*')].indexOf(element)
  const name =
    element.getAttribute('aria-label') ||
    labels[0]?.textContent ||
    element.textContent ||
    element.value ||
    element.id ||
    ''
  return { place, name: name.replace(/\s+/g, ' ').trim(), problems }
}
