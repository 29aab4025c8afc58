import { initAll } from './nhsuk-frontend.min.js'
import { goOnAfterScan } from './scanned-fields.js'
import { warnBeforeSignOut } from './session-warning.js'

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

goOnAfterScan()
warnBeforeSignOut()
initAll()
