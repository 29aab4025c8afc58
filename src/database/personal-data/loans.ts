import type { DB } from '../schema.ts'
import { incidentItems, incidents, incidentTasks } from './incidents.ts'
import { fact, inner, own, type PersonalTable, words, workedOut } from './kinds.ts'
import { STOCK, theirBookings, theirCorrections, theirLines, theirLoans } from './their-rows.ts'
import { bookings, deposits, waits } from './wards.ts'

/** What somebody had on loan, and what was agreed and corrected. */

export const loans: PersonalTable<DB['loans']> = {
  title: 'What you were lent: the loans',
  intro: 'Each loan to you, what was agreed and who made it.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Loan', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    ward_id: inner(),
    staff_id: inner(),
    lent_at: fact('Lent', 'instant'),
    lent_by: fact('By', 'staff'),
    looked_after_by: fact('Looked after by', 'staff'),
    agreement_version_id: inner(),
    agreement_how: fact('How you agreed', 'word'),
    // a spoken agreement always names its witness
    agreement_witness: words(
      'Who was there when you agreed',
      "case when agreement_witness is not null then 'Anonymised' end",
    ),
    lent_without_charger: fact('It was lent without a charger on purpose', 'yes-no'),
    has_charger: workedOut(),
    lacks_charger: workedOut(),
    notes: words('Notes'),
    unwiped_reason: words(
      'Why it was passed on without being wiped',
      "case when unwiped_reason is not null then 'Removed' end",
    ),
    visit_place: own('Place of the visit'),
    visit_time: fact('Time of the visit'),
    import_id: inner(),
    referral_id: fact('Asked for in referral', 'number'),
    version: inner('How often it was changed'),
  },
}

const lines: PersonalTable<DB['loan_lines']> = {
  title: 'What you were lent: each thing',
  intro: 'Each thing that was lent to you, from when to when.',
  where: `loan_id in (${theirLoans})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    loan_id: fact('Loan', 'number'),
    item_id: fact('What', 'item'),
    placed_with_ward_id: inner(),
    from_at: fact('Promised from', 'instant'),
    taken_at: fact('You had it from', 'instant'),
    due_on: fact('To be talked about on', 'date'),
    ended_at: fact('Until', 'instant'),
    ended_as: fact('How it ended', 'word'),
    cancelled_at: fact('Called off', 'instant'),
    follows_line_id: inner(),
    moved_to_line_id: inner(),
    unsupported_reason: words(
      'Why it was lent although its updates end',
      "case when unsupported_reason is not null then 'Removed' end",
    ),
  },
}

const holds: PersonalTable<DB['item_holds']> = {
  title: 'What a ward booked for you: each thing',
  intro: 'Each thing that was booked for you, and when you had it.',
  where: `loan_line_id in (${theirLines}) or booking_id in (${theirBookings})`,
  key: 'id',
  order: 'id',
  leftOut: { where: 'loan_line_id is not null', why: 'It repeats what you were lent, and when' },
  columns: {
    id: inner(),
    organisation_id: inner(),
    item_id: fact('What', 'item'),
    kind: workedOut(),
    loan_line_id: inner(),
    booking_id: fact('Booking', 'number'),
    ward_id: inner(),
    plan: fact('Planned from and until, with the time to clean it'),
    taken_at: fact('You had it from', 'instant'),
    ended_at: fact('Until', 'instant'),
    ended_as: workedOut(),
    cancelled_at: fact('Cancelled', 'instant'),
  },
}

/** A thing that was given for good is theirs, and a phone number in it is their number. */
const given: PersonalTable<DB['items']> = {
  title: 'What was given to you for good',
  intro: 'Things that are yours now, and the numbers by which we know them.',
  where: `id in (
    select line.item_id from loan_lines line join loans on loans.id = line.loan_id
    where loans.service_user_id = any(:people) and line.ended_as = 'given'
  )`,
  key: 'id',
  order: 'id',
  columns: {
    id: fact('What', 'item'),
    organisation_id: inner(),
    tag: inner(STOCK),
    tag_key: workedOut(),
    category: inner(STOCK),
    model_id: inner(),
    serial: fact('Serial number'),
    imei: fact('IMEI'),
    iccid: fact('SIM number'),
    phone_number: own('Phone number', 'text', 'null'),
    bought_on: inner(STOCK),
    cost_pence: inner(STOCK),
    order_number: inner(STOCK),
    kept_at_ward_id: inner(),
    kit_id: inner(),
    left_at: fact('Given', 'instant'),
    left_as: inner(STOCK),
    notes: inner(STOCK),
    search_text: workedOut(),
    created_at: inner(STOCK),
    version: inner(STOCK),
  },
}

const corrections: PersonalTable<DB['loan_corrections']> = {
  title: 'Corrections of your loans',
  intro: 'What was written down wrong about a loan to you, and put right.',
  where: `id in (${theirCorrections})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    loan_id: fact('Loan', 'number'),
    other_loan_id: inner(),
    kind: fact('What was corrected', 'word'),
    at: fact('When', 'instant'),
    corrected_by: fact('By', 'staff'),
    transaction_id: inner(),
  },
}

const correctionReasons: PersonalTable<DB['loan_correction_reasons']> = {
  title: 'Corrections of your loans: why',
  intro: 'The reason of each correction.',
  where: `correction_id in (${theirCorrections})`,
  key: 'correction_id',
  order: 'correction_id',
  columns: { correction_id: inner(), organisation_id: inner(), reason: words('Why', "'Removed'") },
}

const correctionChanges: PersonalTable<DB['loan_correction_changes']> = {
  title: 'Corrections of your loans: what stood there before',
  intro: 'Nothing of this part is given: it holds times, and the numbers of loans and things.',
  where: `correction_id in (${theirCorrections})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    correction_id: inner(),
    line_id: inner(),
    before: inner('Times and numbers by which rows are joined; whose loan it was by mistake may be somebody else’s'),
    after: inner('Times and numbers by which rows are joined; what is right now is given already'),
  },
}

const wishes: PersonalTable<DB['check_in_wishes']> = {
  title: 'Whether we may ask how it is going',
  intro: 'What you said for each loan.',
  where: `loan_id in (${theirLoans})`,
  key: 'loan_id',
  order: 'loan_id',
  columns: {
    loan_id: fact('Loan', 'number'),
    organisation_id: inner(),
    may_ask: fact('We may ask', 'yes-no'),
    at: fact('Written down', 'instant'),
    by: fact('By', 'staff'),
  },
}

const checkIns: PersonalTable<DB['check_ins']> = {
  title: 'How it is going',
  intro: 'When we asked you how it is going with a loan, and what you answered.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    loan_id: fact('Loan', 'number'),
    week: fact('After so many weeks', 'number'),
    token_hash: inner('It belongs to the link that you were sent, and tells nothing'),
    asked_at: fact('Asked', 'instant'),
    expires_at: fact('To be answered until', 'instant'),
    answer: fact('What you answered', 'word'),
    answered_at: fact('Answered', 'instant'),
    seen_at: fact('Followed up', 'instant'),
    seen_by: fact('By', 'staff'),
  },
}

const plans: PersonalTable<DB['onward_plans']> = {
  title: 'What was agreed to come after a loan',
  intro: 'What you and your champion agreed for the time after a loan.',
  where: `loan_id in (${theirLoans})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    loan_id: fact('Loan', 'number'),
    agreed_on: fact('Agreed on', 'date'),
    agreed_with: fact('With', 'word'),
    agreed_who: words('Who that was', "case when agreed_who <> '' then 'Anonymised' else '' end"),
    choices: fact('What is to come', 'list'),
    covers_until: inner(STOCK),
    notes: words('Notes'),
    to_keep: fact('Whether something on the device is to be kept', 'word'),
    recorded_at: fact('Written down', 'instant'),
    recorded_by: fact('By', 'staff'),
  },
}

const rescues: PersonalTable<DB['rescues']> = {
  title: 'What was to be saved from a device',
  intro: 'Photos and other things that you wanted to keep.',
  where: `loan_line_id in (${theirLines})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    loan_line_id: inner(),
    item_id: fact('From', 'item'),
    what: words('What', "'Removed'"),
    asked_at: fact('Asked', 'instant'),
    asked_by: fact('Written down by', 'staff'),
    closed_at: fact('Done', 'instant'),
    closed_by: fact('By', 'staff'),
    closed_as: fact('What became of it', 'word'),
  },
}

const scans: PersonalTable<DB['return_scans']> = {
  title: 'How things were taken back',
  intro: 'Nothing of this part is given: it repeats when you gave something back.',
  where: `loan_line_id in (${theirLines})`,
  key: 'place',
  order: 'batch_id, place',
  columns: {
    batch_id: inner(),
    organisation_id: inner(),
    place: inner(),
    code: inner(STOCK),
    outcome: workedOut(),
    item_id: inner(),
    loan_line_id: inner(),
  },
}

export const loanTables = {
  loans,
  loan_lines: lines,
  bookings,
  booking_waits: waits,
  item_holds: holds,
  locker_deposits: deposits,
  items: given,
  check_in_wishes: wishes,
  check_ins: checkIns,
  onward_plans: plans,
  rescues,
  incidents,
  incident_items: incidentItems,
  incident_tasks: incidentTasks,
  loan_corrections: corrections,
  loan_correction_reasons: correctionReasons,
  loan_correction_changes: correctionChanges,
  return_scans: scans,
}
