import { initAll } from './nhsuk-frontend.min.js'

const WARNING = 2 * 60_000

/** What is left of the session, told in words that change at most once a minute. */
function inWords(milliseconds) {
  const minutes = Math.ceil(milliseconds / 60_000)
  return minutes <= 1 ? 'less than a minute' : `${minutes} minutes`
}

/**
 * Warns before the session ends, offers to extend it, and hides the records when it has ended. The server decides:
 * this only says what the server is going to do. Tabs tell each other, since work in one keeps the session of all.
 */
class SessionWarning {
  #region
  #minutes
  #warnAt
  #endsAt
  #message = null
  #timer
  #tabs = new BroadcastChannel('session')

  constructor(region, minutes) {
    this.#region = region
    this.#restart(minutes)
    this.#tabs.postMessage({ minutes })
    this.#tabs.addEventListener('message', ({ data }) => (data.ended ? this.#end() : this.#restart(data.minutes)))
    document.querySelector('[data-sign-out]')?.addEventListener('submit', () => this.#tabs.postMessage({ ended: true }))
    document.addEventListener('visibilitychange', () => this.#look())
    this.#timer = setInterval(() => this.#look(), 1000)
  }

  #restart(minutes) {
    this.#minutes = minutes
    this.#endsAt = Date.now() + minutes * 60_000
    this.#warnAt = this.#endsAt - Math.min(WARNING, minutes * 30_000)
    this.#message = null
    this.#region.replaceChildren()
  }

  #look() {
    const now = Date.now()
    if (now >= this.#endsAt) this.#end()
    else if (now >= this.#warnAt) this.#warn(this.#endsAt - now)
  }

  #warn(left) {
    const text = `You will be signed out in ${inWords(left)}, because nothing has been done for a while.`
    if (!this.#message) {
      this.#message = document.createElement('p')
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'nhsuk-button nhsuk-button--reverse nhsuk-button--small'
      button.textContent = 'Stay signed in'
      button.addEventListener('click', () => this.#extend())
      this.#region.replaceChildren(this.#message, button)
      document.activeElement?.scrollIntoView({ block: 'nearest' })
    }
    if (this.#message.textContent !== text) this.#message.textContent = text
  }

  async #extend() {
    const token = document.querySelector('input[name="_csrf"]')?.value ?? ''
    try {
      const answer = await fetch('/session/extend', {
        method: 'POST',
        body: new URLSearchParams({ _csrf: token }),
        redirect: 'manual',
      })
      if (!answer.ok) return this.#end()
      const extended = answer.headers.get('content-type')?.includes('json') ? await answer.json() : {}
      this.#restart(extended.minutes ?? this.#minutes)
      this.#tabs.postMessage({ minutes: this.#minutes })
    } catch {
      this.#message.textContent = 'We could not reach the service. Check your connection and try again.'
    }
  }

  #end() {
    clearInterval(this.#timer)
    this.#tabs.close()
    this.#region.replaceChildren()
    showSignedOut()
  }
}

/** Takes the page's records out of sight. Nothing is thrown away: what was typed stays in the hidden page. */
function showSignedOut() {
  for (const element of document.body.children) element.hidden = true
  const heading = document.createElement('h1')
  heading.textContent = 'You have been signed out'
  heading.tabIndex = -1
  const reason = document.createElement('p')
  reason.textContent = 'This is to keep people’s information safe.'
  const link = document.createElement('a')
  link.href = location.pathname + location.search
  link.textContent = 'Sign in again'
  const main = document.createElement('main')
  main.className = 'nhsuk-width-container nhsuk-main-wrapper'
  main.append(heading, reason, link)
  document.body.append(main)
  document.title = heading.textContent
  heading.focus()
}

// A page that the browser kept in memory may belong to somebody who has signed out since: ask the server again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  document.documentElement.hidden = true
  location.reload()
})

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

const region = document.querySelector('[data-session-warning]')
const minutes = Number(document.body.dataset.minutesUntilSignOut)
if (region && minutes > 0) new SessionWarning(region, minutes)

initAll()
