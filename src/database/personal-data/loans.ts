import type { DB } from '../schema.ts'
import { fact, inner, own, type PersonalTable, words, workedOut } from './kinds.ts'

/** What somebody had on loan, and what was agreed, corrected and lost. */

const theirLoans = 'select id from loans where service_user_id = any(:people)'
const theirLines = `select line.id from loan_lines line join loans on loans.id = line.loan_id
  where loans.service_user_id = any(:people)`
const theirIncidents = `select id from incidents where loan_id in (${theirLoans}) or replacement_loan_id in (${theirLoans})`
const theirCorrections = `select id from loan_corrections where loan_id in (${theirLoans})`
const theirBookings = 'select id from bookings where service_user_id = any(:people)'
const STOCK = 'About the thing, and kept in the stock’s books'

const loans: PersonalTable<DB['loans']> = {
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

const bookings: PersonalTable<DB['bookings']> = {
  title: 'What a ward booked for you',
  intro: 'Each time for which a ward kept something for you.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Booking', 'number'),
    organisation_id: inner(),
    ward_id: fact('Ward', 'ward'),
    service_user_id: inner(),
    initials: inner('Only a booking for nobody by name has any'),
    purpose: fact('What for', 'word'),
    cleaning_minutes: inner('How long cleaning takes'),
    made_at: fact('Booked', 'instant'),
    made_by: fact('By', 'staff'),
    cancelled_at: fact('Cancelled', 'instant'),
    cancelled_as: fact('Why', 'word'),
    version: inner('How often it was changed'),
  },
}

const deposits: PersonalTable<DB['locker_deposits']> = {
  title: 'Your own devices in a charging locker',
  intro: 'Each time a ward charged a device of yours.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Number', 'number'),
    organisation_id: inner(),
    ward_id: fact('Ward', 'ward'),
    bay_id: fact('Locker bay', 'item'),
    service_user_id: inner(),
    initials: inner('Only a device of nobody by name has any'),
    description: words('What it looked like', "'Removed'"),
    connector: fact('It charged through', 'word'),
    key_with: fact('Who had the key or the code', 'word'),
    ready_at: fact('Ready', 'instant'),
    deposited_at: fact('Put in', 'instant'),
    deposited_by: fact('By', 'staff'),
    ended_at: fact('Taken out', 'instant'),
    ended_as: fact('How', 'word'),
    ended_by: fact('Taken out by', 'staff'),
    handed_to: words('Who collected it for you', "case when handed_to <> '' then 'Removed' else '' end"),
    allowed_by: words('Who allowed it', "case when allowed_by <> '' then 'Removed' else '' end"),
    witnessed_by: fact('Who else was there', 'staff'),
    opened_because: words('Why it was opened', "case when opened_because <> '' then 'Removed' else '' end"),
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

const incidents: PersonalTable<DB['incidents']> = {
  title: 'What was lost, stolen or damaged',
  intro: 'What was reported about things that were lent to you.',
  where: `id in (${theirIncidents})`,
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Report', 'number'),
    organisation_id: inner(),
    kind: fact('What happened', 'word'),
    loan_id: fact('Loan', 'number'),
    reported_at: fact('Reported', 'instant'),
    reported_by: fact('By', 'staff'),
    happened_on: fact('It happened on', 'date'),
    story: words('What was told'),
    crime_reference: own('Crime reference'),
    replacement_loan_id: fact('Replaced by loan', 'number'),
    version: inner('How often it was changed'),
  },
}

const incidentItems: PersonalTable<DB['incident_items']> = {
  title: 'What was lost, stolen or damaged: each thing',
  intro: 'The things it is about.',
  where: `incident_id in (${theirIncidents})`,
  key: 'item_id',
  order: 'incident_id, item_id',
  columns: {
    organisation_id: inner(),
    incident_id: fact('Report', 'number'),
    kind: fact('What happened', 'word'),
    item_id: fact('What', 'item'),
    loan_line_id: inner(),
    pool_line_id: inner(),
    found_at: fact('Found', 'instant'),
    found_by: fact('Said by', 'staff'),
  },
}

const incidentTasks: PersonalTable<DB['incident_tasks']> = {
  title: 'What was lost, stolen or damaged: what was done',
  intro: 'What had to be done about it, and who did it.',
  where: `incident_id in (${theirIncidents})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    incident_id: fact('Report', 'number'),
    task: fact('What to do', 'word'),
    item_id: fact('About', 'item'),
    due_at: fact('By', 'instant'),
    owned_by: fact('Who was to do it', 'staff'),
    done_at: fact('Done', 'instant'),
    done_by: fact('By', 'staff'),
    dropped_at: fact('No longer needed', 'instant'),
    note: words('Note'),
  },
}

export const loanTables = {
  loans,
  loan_lines: lines,
  bookings,
  item_holds: holds,
  locker_deposits: deposits,
  items: given,
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
