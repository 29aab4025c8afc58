// Runs before the page is painted, so that what needs a script is never shown to those who have none.
document.body.className += ` js-enabled${'noModule' in HTMLScriptElement.prototype ? ' nhsuk-frontend-supported' : ''}`
