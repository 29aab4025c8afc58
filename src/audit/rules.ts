/** One thing that was done, as the audit keeps it: who, what and about which record, by ids alone. */
export interface AuditFacts {
  verb: string
  /** Who did it; null for a command run on the server. A visitor's events belong to no organisation, and to no page. */
  staff_member: string | null
  /** The ward's tablet that they were at, when they signed in there with a PIN or a badge. */
  tablet?: string | null
  subject_type: string | null
  subject_id: number | null
  service_user_id: number | null
}

/** What of the audit somebody wants to see. */
export interface AuditFilter {
  staffId?: number
  /** The person whose record it concerns. */
  serviceUserId?: number
  kind?: string
  /** From this instant on. */
  from?: Date
  /** Until just before this one. */
  until?: Date
}

/**
 * What each verb reads as. `{who}` is the member of staff, `{it}` the record: "loan 12", or "a loan" where none is named.
 * A test looks for verbs in the code and fails when one is not here.
 */
const sentences: Readonly<Record<string, string>> = {
  'session:signed-in': '{who} signed in',
  'session:password-given': '{who} gave the right password, and was asked for the second step',
  'session:signed-out': '{who} signed out',
  'session:refused': 'Somebody tried to sign in as {who} and was refused',

  'refused:not-found': '{who} asked for something that is not there, or is not theirs to see',
  'refused:not-allowed': '{who} tried something that their role may not do',
  'refused:forged-form': '{who} sent a form that was not made for them, or was too old',
  'refused:rule-broken': '{who} tried something that a rule does not allow',
  'refused:taken': '{who} tried to take something that somebody else has',
  'refused:stale': '{who} tried to save over a change that somebody else had just made',
  'refused:not-unique': '{who} tried to save a value that another record has already',
  'refused:tablet-revoked': '{who} was told that the tablet is no longer enrolled',
  'refused:too-busy': '{who} was asked to try again later, because the service was busy',

  'service-user:created': '{who} added {it}',
  'service-user:updated': '{who} changed {it}',
  'service-user:section-changed': '{who} changed a part of {it}',
  'service-user:merged': '{who} made another record part of {it}',
  'service-user:merge-undone': '{who} undid a merge: {it} and another are two again',
  'service-user:stands-alone': '{who} undid a merge: {it} stands by itself again',
  'service-user:supporter-added': '{who} added somebody who supports the person of {it}',
  'service-user:supporter-changed': '{who} changed what is said about a supporter of the person of {it}',
  'service-user:supporter-ended': '{who} took a supporter out of {it}',
  'service-user:viewed': '{who} looked at {it}',
  'service-user:exported': '{who} downloaded a list of service users',
  'service-user:searched': '{who} looked for a person, and saw the names that were found',

  'service-user:anonymised': 'Everything personal was taken out of {it}: it is kept no longer',

  'retention:ran': 'The night’s work emptied what is kept no longer',
  'retention:viewed': '{who} looked at which records will be emptied',
  'retention:periods-changed': '{who} changed how long records are kept',
  'retention:hold-placed': '{who} placed a legal hold on {it}',
  'retention:hold-lifted': '{who} lifted a legal hold on {it}',

  'subject-access:recorded': '{who} wrote down that somebody asked for a copy of what is kept ({it})',
  'subject-access:viewed': '{who} looked at {it}',
  'subject-access:reviewed': '{who} decided what is given and what is left out of {it}',
  'subject-access:extended': '{who} wrote down why {it} takes longer',
  'subject-access:downloaded': '{who} downloaded the copy of {it}',
  'subject-access:closed': '{who} closed {it}',

  'opening:searched': '{who} looked for a person outside their reach, and saw the name that was found',
  'opening:made': '{who} opened a record outside their reach ({it})',
  'opening:closed': '{who} closed a record they had opened ({it})',
  'opening:seen': '{who} looked over why a record was opened ({it})',

  'referral:made': '{who} made {it}',
  'referral:viewed': '{who} looked at {it}',
  'referral:changed': '{who} changed {it}',
  'referral:ask-met': '{who} said that something asked for in {it} is met',
  'referral:ask-not-met': '{who} said that something asked for in {it} is not met after all',
  'referral:lent-for': '{who} lent something because of {it}',
  'referral:declined': '{who} declined {it}',
  'referral:withdrawn': '{who} withdrew {it}',
  'referral:reopened': '{who} took up {it} again',

  'concern:raised': '{who} raised {it}',
  'concern:viewed': '{who} read {it}',
  'concern:followed-up': '{who} followed up {it}',
  'concern:closed': '{who} closed {it}',
  'quotation:written': '{who} wrote down what somebody said and agreed to have shown ({it})',
  'quotation:viewed': '{who} read {it}',
  'quotation:approved': '{who} approved that {it} is shown',
  'quotation:refused': '{who} refused that {it} is shown',
  'quotation:taken-back': '{who} took {it} back for whoever spoke',

  'restriction:written': '{who} wrote down what the care plan keeps from {it}',
  'restriction:reviewed': '{who} looked again at what the care plan keeps from {it}',
  'restriction:ended': '{who} ended what the care plan keeps from {it}',
  'restriction:permitted': '{who} had something signed for that the care plan keeps from {it}',
  'restriction:not-signed': '{who} had a wrong PIN typed for something that the care plan keeps from {it}',

  'safe-contact:stopped-by-text': '{it} said by text: no more texts',
  'safe-contact:text-answered': '{it} answered a text',
  'safe-contact:answered': '{who} wrote down how {it} may be contacted',
  'safe-contact:address-confirmed': '{who} confirmed that a number or address of {it} is safe to use',
  'safe-contact:address-ruled-out': '{who} wrote down that a number or address of {it} is not to be used',
  'safe-contact:paused': '{who} paused all contact with {it} until each number and address is confirmed',
  'safe-contact:done-otherwise': '{who} did in another way what could not be sent to {it}',
  'safe-contact:private-viewed': '{who} opened the private notes of {it}',
  'safe-contact:private-written': '{who} wrote in the private notes of {it}',

  'conversation:began': '{who} began a conversation about what shuts out the person of {it}',
  'conversation:joined': '{who} went on with a conversation with the person of {it}',
  'conversation:answered': '{who} wrote down what the person of {it} said',
  'conversation:finished': '{who} finished a conversation with the person of {it}',
  'conversation:preference-saved': '{who} wrote down how the person of {it} wants to meet',
  'conversation:suggestion-decided': '{who} wrote down what became of a suggestion for the person of {it}',

  'platform:added': '{who} added {it}',
  'platform:changed': '{who} changed {it}',
  'platform:risk-accepted': '{who} accepted a risk of {it}',
  'guide:written': '{who} wrote {it}, as a draft',
  'guide:changed': '{who} changed the draft of {it}',
  'guide:approved': '{who} approved {it}',
  'guide:retired': '{who} took {it} out of use',
  'guide:starters-taken-over': '{who} brought in guides that come with the service, as drafts',
  'signpost:added': '{who} added {it} to the list of help',
  'signpost:changed': '{who} changed {it} in the list of help',
  'signpost:checked': '{who} checked {it} of the list of help',
  'signpost:ended': '{who} took {it} off the list of help',
  'check-in:asked': 'People were asked how it is going with their loan',
  'check-in:wish-saved': '{who} wrote down whether they may be asked how it is going ({it})',
  'check-in:answered': 'An answer came to how it is going ({it})',
  'check-in:followed-up': '{who} followed up how it is going ({it})',
  'appointment:told': '{who} told them when and how for {it}',
  'guide:given': '{who} gave them {it}',
  'appointment:made': '{who} made {it}',
  'appointment:letters-posted': '{who} marked letters as posted',
  'appointment:letters-printed': '{who} printed letters that wait to be posted',
  'appointment:viewed': '{who} looked at {it}',
  'appointment:changed': '{who} changed {it}',
  'appointment:details-changed': '{who} wrote down how to get in, or what makes it work ({it})',
  'appointment:way-changed': '{who} changed the way of meeting of {it}',
  'appointment:cancelled': '{who} cancelled {it}',
  'diary:entry-made': '{who} wrote {it} into the diary',
  'diary:hours-changed': '{who} changed when {it} works',
  'diary:exception-made': '{who} wrote down leave or other hours of {it}',
  'diary:exception-cancelled': '{who} took off leave or other hours of {it}',
  'diary:entry-viewed': '{who} looked at {it}',
  'diary:entry-moved': '{who} moved {it}',
  'diary:entry-cancelled': '{who} cancelled {it}',
  'data-allowance:given': '{who} gave {it}',
  'data-allowance:viewed': '{who} looked at {it}',
  'data-allowance:read': '{who} wrote down how much is left ({it})',
  'data-allowance:topped-up': '{who} topped up {it}',
  'data-allowance:warned': '{who} warned them that their data will be suspended',
  'data-allowance:suspended': '{who} suspended {it}',
  'data-allowance:resumed': '{who} resumed {it}',
  'data-allowance:extended': '{who} changed the last day of {it}',
  'data-allowance:sim-replaced': '{who} replaced the SIM of {it}',
  'data-allowance:cancelled': '{who} cancelled {it}',
  'data-allowance:code-viewed': '{who} looked at the code of {it}',
  'data-allowance:code-again-viewed': '{who} looked at the code of {it} again',
  'appointment:outcome-written': '{who} wrote down how it went ({it})',
  'training:group-planned': '{who} planned a training session for a group ({it})',
  'training:group-changed': '{who} changed a training session of a group ({it})',
  'training:group-viewed': '{who} looked at a training session of a group ({it})',
  'training:group-cancelled': '{who} cancelled a training session of a group ({it})',
  'training:invited': '{who} invited them to a training session of a group ({it})',
  'training:sheet-written': '{who} wrote down who came to a training session of a group ({it})',
  'training:planned': '{who} planned a training session ({it})',
  'training:staff-written': '{who} wrote down which members of staff came to training ({it})',
  'training:staff-taken-off': '{who} took off training of {it} that was written down wrong',
  'training:viewed': '{who} looked at a training session ({it})',
  'training:cancelled': '{who} cancelled a training session ({it})',
  'training:result-written': '{who} wrote down how a training session went ({it})',
  'trial-call:arranged': '{who} arranged a trial-run call ({it})',
  'trial-call:viewed': '{who} looked at a trial-run call ({it})',
  'trial-call:cancelled': '{who} cancelled a trial-run call ({it})',
  'trial-call:result-written': '{who} wrote down how a trial-run call went ({it})',

  'caseload:viewed': '{who} looked at a caseload',
  'caseload:handed-over': '{who} handed {it} over to another champion’s caseload',

  'item:created': '{who} added {it}',
  'item:updated': '{who} changed {it}',
  'item:exported': '{who} downloaded a list of items',
  'item:imported': '{who} brought in {it} from a spreadsheet',
  'item:retired': '{who} took {it} out of the stock for good',
  'item:brought-back': '{who} took {it} into the stock again',
  'item:moved': '{who} noted another place for {it}',
  'item:loan-corrected': '{who} corrected a loan of {it}',
  'item:added-to-kit': '{who} put {it} into a kit',
  'item:removed-from-kit': '{who} took {it} out of its kit',
  'model:created': '{who} added {it}',
  'model:updated': '{who} changed {it}',
  'model:exported': '{who} downloaded a list of models',
  'kit:created': '{who} added {it}',
  'kit:updated': '{who} changed {it}',
  'kit:exported': '{who} downloaded a list of kits',
  'kit:item-added': '{who} put an item into {it}',
  'kit:item-removed': '{who} took an item out of {it}',

  'caseload-counts:removed': '{who} took back how many people are on the caseload of a place, on a day',
  'import:uploaded': '{who} chose a spreadsheet to bring in ({it})',
  'import:matched': '{who} said how to read a spreadsheet ({it})',
  'import:errors-exported': '{who} downloaded the errors of a spreadsheet ({it})',
  'import:discarded': '{who} discarded a spreadsheet ({it})',
  'import:asked': '{who} asked for a spreadsheet to be brought in ({it})',
  'import:stopped': '{who} asked for a spreadsheet that could not be brought in ({it})',
  'import:applied': '{who} brought in a spreadsheet ({it})',

  'loan:lent': '{who} made {it}',
  'loan:viewed': '{who} looked at {it}',
  'loan:exported': '{who} downloaded a list of loans',
  'loan:extended': '{who} extended {it}',
  'loan:returned': '{who} took back items of {it}',
  'loan:none-returned': '{who} scanned what came back, and none of it was on loan',
  'loan:swapped': '{who} swapped an item of {it} for another',
  'loan:transferred': '{who} transferred items of {it} to somebody else',
  'loan:taken-over': '{who} made {it}, with items that somebody else had',
  'loan:handed-over': '{who} handed {it} over to another champion',
  'loan:given': '{who} gave items of {it} to keep',
  'loan:onward-planned': '{who} wrote down what comes after {it}',
  'loan:planned': '{who} planned {it} for a visit',
  'loan:delivered': '{who} handed over items of {it} at a visit',
  'loan:put-off': '{who} put the visit of {it} off',
  'loan:called-off': '{who} called off what was still to be handed over of {it}',
  'loan:cancelled': '{who} cancelled {it}',
  'turnaround:exported': '{who} downloaded the list of what is being made ready',
  'loan:corrected': '{who} corrected {it}',
  'loan:corrected-away': '{who} corrected {it}: it was written down for the wrong person',
  'loan:made-by-correction': '{who} made {it} out of one that was written down wrongly',
  'turnaround:photos-saved': '{who} said that what was to be kept of {it} is saved',
  'turnaround:photos-not-wanted': '{who} said that nobody wants to keep what is on {it} any more',
  'turnaround:step-done': '{who} ticked steps of making {it} ready',
  'turnaround:step-undone': '{who} took back steps of making {it} ready',
  'turnaround:done': '{who} made {it} ready for the next person',

  'repair:exported': '{who} downloaded a list of repairs',
  'repair:sent': '{who} sent {it} to repair',
  'repair:changed': '{who} changed what is said about the repair of {it}',
  'repair:back': '{who} took {it} back from repair',

  'incident:reported': '{who} reported something lost, stolen, damaged or found ({it})',
  'incident:exported': '{who} downloaded a list of incidents',
  'incident:viewed': '{who} looked at {it}',
  'incident:task-done': '{who} ticked a task of {it}',
  'incident:task-undone': '{who} took back a task of {it}',
  'incident:found': '{who} said that things of {it} are found again',
  'incident:changed': '{who} changed {it}',

  'stock-check:started': '{who} began to check the stock of a place ({it})',
  'stock-check:scanned': '{who} scanned something for {it}',
  'stock-check:counted': '{who} counted things for {it}',
  'stock-check:scan-undone': '{who} took back a scan of {it}',
  'stock-check:finished': '{who} finished {it}',
  'stock-check:exported': '{who} downloaded a list of stock checks',
  'staff:invited': '{who} invited {it}',
  'staff:invited-again': '{who} sent {it} a new invitation',
  'staff:joined': '{who} took up an invitation and chose a password',
  'staff:updated': '{who} changed {it}',
  'staff:closed': '{who} closed the account of {it}',
  'staff:opened': '{who} opened the account of {it} again',
  'staff:reset-asked': 'Somebody asked for a link to set a new password for {who}',
  'staff:reset-sent': '{who} sent {it} a link to set a new password',
  'staff:password-set': '{who} set a new password',
  'staff:second-step-set-up': '{who} set up a phone for the second step of signing in',
  'staff:second-step-off': '{who} switched off the second step of signing in',
  'staff:second-step-reset': '{who} reset the second step of {it}',
  'staff:recovery-codes-made': '{who} made new recovery codes',
  'staff:recovery-code-used': '{who} used a recovery code',
  'staff:proved': '{who} showed that it is them, to change how they sign in',
  'staff:code-refused': '{who} gave a password or code that is not right, to change how they sign in',
  'staff:signed-out-everywhere': '{who} signed out everywhere else',
  'staff:pin-set': '{who} set a PIN for ward tablets',
  'staff:pin-removed': '{who} removed their PIN for ward tablets',
  'staff:pin-locked': 'The PIN of {who} was locked after five wrong ones',
  'staff:badge-issued': '{who} made a badge for ward tablets',
  'staff:badge-removed': '{who} removed the badge of {it} for ward tablets',
  'staff:exported': '{who} downloaded a list of staff',
  'staff:reviewed': '{who} looked over who may sign in',

  'tablet:added': '{who} made a code to enrol {it}',
  'tablet:code-made': '{who} made another code to enrol {it}',
  'tablet:enrolled': 'The code that {who} made was typed on a tablet, and enrolled it as {it}',
  'tablet:code-refused': 'A code that {who} made was typed a second time ({it})',
  'tablet:revoked': '{who} took {it} off',

  'ward:added': '{who} added {it}',
  'ward:updated': '{who} changed {it}',
  'ward:closed': '{who} closed {it}',
  'ward:opened': '{who} opened {it} again',
  'ward:exported': '{who} downloaded a list of wards, teams and hubs',
  'ward:connectivity-noted': '{who} noted how the connection was on {it}',
  'ward:cable-permitted': '{who} had a longer cable signed for on {it}',
  'ward:cable-not-signed': '{who} had a wrong PIN typed for a cable on {it}',
  'site:added': '{who} added {it}',
  'site:renamed': '{who} gave {it} another name',

  'booking:made': '{who} made {it}',
  'booking:walked-up': '{who} handed out what was free ({it})',
  'booking:viewed': '{who} looked at {it}',
  'booking:handed-out': '{who} handed out what was booked ({it})',
  'booking:taken-back': '{who} took back what was booked ({it})',
  'booking:released': '{who} released {it}, which nobody came for',
  'booking:cancelled': '{who} cancelled {it}',
  'booking:moved': '{who} moved {it} to another time',
  'booking:extended': '{who} changed the end of {it}',
  'waiting-list:added': '{who} put somebody on the waiting list of {it}',
  'waiting-list:taken-off': '{who} took somebody off the waiting list of {it}, who no longer wanted it',

  'locker:deposited': '{who} put a device into a charging locker ({it})',
  'locker:viewed': '{who} looked at {it}',
  'locker:collected': '{who} gave a device back from a charging locker ({it})',
  'locker:handed-over': '{who} gave a device from a charging locker to somebody else ({it})',
  'locker:opened': '{who} opened a charging locker without the owner, with somebody else of the staff ({it})',

  'leaving:viewed': '{who} looked at what somebody has who leaves a ward',

  'report:exported': '{who} downloaded a report',
  'report:delivery-chosen': '{who} chose how often the published reports are sent to them',
  'report:delivered': 'Reports were sent by email to those who chose it',
  'report:published': '{who} published the numbers of reports',

  'settings:disclosure-chosen': '{who} chose, for good, how small numbers are hidden in what is published',
  'settings:figures-shared': '{who} let the commissioners of another organisation see the published figures',
  'settings:figures-no-longer-shared': '{who} took back what the commissioners of another organisation saw',
  'settings:target-set': '{who} set what a figure of the reports should come to',
  'settings:opening-changed': '{who} changed how long an opened record stays open',
  'settings:data-changed': '{who} changed how much data calls are taken to use',
  'settings:calls-changed': '{who} changed the break between calls, and how long before an appointment they are made',
  'settings:crisis-line-changed': '{who} changed whom people can call',
  'settings:message-switched-on': '{who} let a kind of message go out again',
  'settings:message-switched-off': '{who} stopped a kind of message',
  'settings:message-worded': '{who} changed the words of a kind of message',
  'settings:second-step-changed': '{who} changed who must use a second step to sign in',

  'message:viewed': '{who} looked at {it}',
  'message:sent-again': '{who} asked to send {it} again',

  'audit:exported': '{who} downloaded a part of the audit',
  'audit:viewed': '{who} looked at the audit',
  'audit:person-found': '{who} looked up whose NHS number it is, to see the audit of their record',
}

/** The first word of a verb, and what the page calls that kind of event. */
const kinds: Readonly<Record<string, string>> = {
  session: 'Signing in and out',
  refused: 'Refused',
  'service-user': 'Service users',
  'safe-contact': 'Safe contact',
  conversation: 'Conversations',
  platform: 'Platforms',
  signpost: 'Help nearby and elsewhere',
  guide: 'Guides',
  'check-in': 'How it is going',
  appointment: 'Appointments',
  diary: 'The diary',
  training: 'Training',
  'trial-call': 'Trial-run calls',
  'data-allowance': 'Data allowances',
  caseload: 'Caseloads',
  'caseload-counts': 'Caseload counts',
  opening: 'Records opened outside reach',
  retention: 'Retention and legal hold',
  'subject-access': 'Subject access',
  referral: 'Referrals',
  concern: 'Concerns',
  quotation: 'People’s words',
  restriction: 'Restrictions from care plans',
  loan: 'Loans',
  item: 'Items',
  kit: 'Kits',
  model: 'Models',
  turnaround: 'Turnaround',
  repair: 'Repairs',
  incident: 'Lost, stolen or damaged',
  'stock-check': 'Stock checks',
  import: 'Imports',
  staff: 'Staff accounts',
  tablet: 'Ward tablets',
  ward: 'Wards, teams and hubs',
  site: 'Sites',
  booking: 'Bookings',
  'waiting-list': 'Waiting lists of wards',
  locker: 'Charging lockers',
  leaving: 'Leaving a ward',
  report: 'Reports',
  settings: 'Settings',
  message: 'Messages',
  audit: 'The audit itself',
}

/** Kinds as they are offered to choose from. */
export const auditKinds: readonly { value: string; text: string }[] = Object.entries(kinds).map(([value, text]) => ({
  value,
  text,
}))

export function isAuditKind(text: string): boolean {
  return Object.hasOwn(kinds, text)
}

/** Whether a verb has words of its own, and a kind that can be chosen. */
export function hasSentence(verb: string): boolean {
  return Object.hasOwn(sentences, verb) && isAuditKind(kindOf(verb))
}

/**
 * An event as a sentence: "Chidi Champion extended loan 12 for service user 7." Names of staff and ids only, never a
 * person's name. `it` stands in for the record where the page knows better words for it.
 */
export function auditSentence(event: AuditFacts, it?: string): string {
  const template = sentences[event.verb] ?? fallback(event.verb)
  const who = `${event.staff_member ?? 'A command on the server'}${event.tablet ? `, on the tablet “${event.tablet}”,` : ''}`
  const words = { who, it: it ?? subjectOf(event) }
  const text = template.replace(/\{(who|it)\}/g, (_, word: 'who' | 'it') => words[word])
  return `${text}${it === undefined ? aside(event) : ''}.`
}

/** A verb that nobody has found words for yet, such as `booking:handed-out`: a booking was marked as "handed out". */
function fallback(verb: string): string {
  return `{who} marked {it} as “${spaced(verb.slice(verb.indexOf(':') + 1))}”`
}

function subjectOf(event: AuditFacts): string {
  if (event.subject_type !== null) return `${spaced(event.subject_type)} ${event.subject_id}`
  const thing = spaced(kindOf(event.verb))
  return `${/^[aeiou]/.test(thing) ? 'an' : 'a'} ${thing}`
}

/** The records it concerns that the sentence does not name by itself. */
function aside(event: AuditFacts): string {
  if (kindOf(event.verb) === 'refused') return event.subject_type === null ? '' : ` (${subjectOf(event)})`
  if (event.service_user_id === null || event.subject_type === 'service-user') return ''
  return ` for service user ${event.service_user_id}`
}

function kindOf(verb: string): string {
  return verb.slice(0, verb.indexOf(':'))
}

function spaced(word: string): string {
  return word.replaceAll('-', ' ')
}
