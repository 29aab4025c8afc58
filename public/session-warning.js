const MINUTE = 60_000
const WARNING = 2 * MINUTE

/**
 * Warns before the session ends, offers to extend it, and hides the records when it has ended. The server decides when
 * that is; this only tells. Tabs tell each other, since work in one keeps the session of all.
 */
export function warnBeforeSignOut() {
  const { minutesUntilSignOut, csrfToken } = document.body.dataset
  const region = document.querySelector('[data-session-warning]')
  if (!region || !minutesUntilSignOut) return

  const tabs = new BroadcastChannel('session')
  const form = lastFormTypedInto()
  const wholeSession = Number(minutesUntilSignOut) * MINUTE
  let endsAt = 0
  let message = null
  let trouble = ''
  let cameFrom = null

  function restart() {
    endsAt = Date.now() + wholeSession
    message = null
    trouble = ''
    region.replaceChildren()
  }

  function look() {
    const left = endsAt - Date.now()
    if (left <= 0) end()
    else if (left <= Math.min(WARNING, wholeSession / 2)) warn(left)
  }

  function warn(left) {
    if (!message) {
      message = document.createElement('p')
      region.replaceChildren(message, button('Stay signed in', extend, 'reverse'))
      keepInSight(document.activeElement)
    }
    const text = `${trouble}You will be signed out in ${inWords(left)} because you have not used this service for a while.`
    if (message.textContent !== text) message.textContent = text
  }

  async function extend() {
    const answer = await post('/session/extend', { _csrf: csrfToken })
    if (!answer || answer.status >= 500) {
      trouble = 'We could not reach the service. Check your connection and try again. '
      return look()
    }
    if (!answer.ok) return end()
    restart()
    tabs.postMessage({ ended: false })
    region.textContent = 'You are still signed in.'
    setTimeout(() => {
      if (!message) region.replaceChildren()
    }, 5000)
    giveFocusTo(cameFrom)
  }

  function end() {
    clearInterval(timer)
    tabs.close()
    region.replaceChildren()
    showSignedOut(form())
  }

  tabs.addEventListener('message', ({ data }) => (data.ended ? end() : restart()))
  tabs.postMessage({ ended: false })
  document.querySelector('[data-sign-out]')?.addEventListener('submit', () => tabs.postMessage({ ended: true }))
  document.addEventListener('visibilitychange', look)
  document.addEventListener('focusin', ({ target }) => {
    if (message) keepInSight(target)
  })
  region.addEventListener('focusin', ({ relatedTarget }) => {
    cameFrom = relatedTarget
  })
  if ('typingCounts' in document.body.dataset) countTyping(csrfToken, restart)
  restart()
  const timer = setInterval(look, 1000)
}

/** Where a minute is all there is, whoever types is not asked whether they are still there. */
function countTyping(csrfToken, restart) {
  const PAUSE_BETWEEN = 15_000
  let last = Date.now()
  document.addEventListener('input', async () => {
    if (Date.now() - last < PAUSE_BETWEEN) return
    last = Date.now()
    const answer = await post('/session/extend', { _csrf: csrfToken })
    if (answer?.ok) restart()
  })
}

/** Said aloud each time it changes, so it changes once a minute at most. */
function inWords(milliseconds) {
  const minutes = Math.ceil(milliseconds / MINUTE)
  return minutes <= 1 ? 'less than a minute' : `${minutes} minutes`
}

async function post(path, fields) {
  try {
    return await fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  } catch {
    return null
  }
}

/** The warning stands over the foot of the window, and a browser may leave half of a large box under it. */
function keepInSight(element) {
  if (element && element !== document.body) element.scrollIntoView({ block: 'nearest' })
}

function giveFocusTo(element) {
  const target = element ?? document.querySelector('main')
  if (!element) target.tabIndex = -1
  target.focus({ preventScroll: true })
}

/** What someone typed can be sent after the end: the server keeps it until they have signed in again. */
function lastFormTypedInto() {
  let last = null
  document.addEventListener('input', ({ target }) => {
    const { form } = target
    const canWait = form?.method === 'post' && !form.querySelector('[type="password"], [type="file"]')
    if (canWait) last = form
  })
  return () => last
}

/** Takes everything on the page out of sight. It is hidden and not removed, or what was typed would be lost. */
function showSignedOut(form) {
  for (const element of document.body.children) element.hidden = true
  const main = document.createElement('main')
  main.className = 'nhsuk-width-container nhsuk-main-wrapper'
  const heading = document.createElement('h1')
  heading.className = 'nhsuk-heading-l'
  heading.tabIndex = -1
  heading.textContent = 'You have been signed out'
  const reason = document.createElement('p')
  reason.textContent = 'This keeps people’s information safe.'
  main.append(heading, reason)
  if (form) main.append(button('Sign in again and keep what you typed', () => form.requestSubmit()))
  else main.append(link('Sign in again', location.pathname + location.search))
  document.body.append(main)
  document.title = heading.textContent
  heading.focus()
}

function button(text, onClick, kind = 'primary') {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = `nhsuk-button nhsuk-button--small nhsuk-button--${kind}`
  element.textContent = text
  element.addEventListener('click', onClick)
  return element
}

function link(text, href) {
  const element = document.createElement('a')
  element.href = href
  element.textContent = text
  return element
}
