import { isNativeError } from 'node:util/types'
import { NotUnique, Refusal, RuleBroken, Stale, TabletRevoked, Taken, TooBusy } from '../lib/refusals.ts'

interface PostgresError {
  code: string
  constraint?: string
  table?: string
}

/**
 * The one place where what PostgreSQL refuses becomes what the service says. Anything it does not know comes back as it
 * came: a fault.
 */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal || !isPostgresError(error)) return isNoConnection(error) ? new TooBusy() : error
  const constraint = error.constraint ?? ''
  if (error.code === '23P01') return new Taken(constraint, takenWords[constraint])
  if (error.code === '23505')
    return handsConstraints.has(constraint) ? new Taken(constraint) : new NotUnique(constraint)
  if (error.code === '23514') return ruleRefusals[constraint]?.() ?? error
  if (busyCodes.has(error.code) || error.code.startsWith('08')) return new TooBusy()
  return error
}

/** A deadlock or a serialisation failure: nothing is wrong with the request, so it is simply run again. */
export function isWorthRetrying(error: unknown): boolean {
  return isPostgresError(error) && (error.code === '40P01' || error.code === '40001')
}

/** Where it is no thing that is taken. */
const takenWords: Readonly<Record<string, string>> = {
  person_in_one_appointment_at_a_time:
    'Nobody can be in two appointments at the same time. Move or cancel one of them.',
  one_allowance_on_a_sim_at_a_time:
    'This SIM has other data in those days. Cancel or end that first, or check the number.',
  champion_in_one_place_at_a_time: 'The champion has something else in their diary at that time. Choose another time.',
  person_in_one_call_at_a_time: 'The person is in another call or visit at that time. Choose another time.',
  person_in_one_place_at_a_time:
    'The person has an appointment, a call or a visit at that time already. Choose another time, or move the other one.',
}

const handsConstraints = new Set(['item_in_one_pair_of_hands', 'one_open_placement_an_item', 'one_open_deposit_a_bay'])

/** Rules that only somebody else's change in the same moment can break, since every action asks for them first. */
const ruleRefusals: Record<string, () => Refusal> = {
  appointment_goes_on: () => new Stale('This appointment was cancelled, or its outcome written down, meanwhile.'),
  staff_training_goes_on: () => new Stale('This was taken off meanwhile.'),
  diary_exception_goes_on: () => new Stale('This was taken off meanwhile.'),
  deposit_is_of_somebody_on_the_ward: () =>
    new RuleBroken('This person is not on the ward any more. Choose somebody else, or use initials'),
  quotation_goes_on: () => new Stale('Somebody decided about these words, or took them back, meanwhile.'),
  quotation_is_of_somebody_to_ask: () =>
    new RuleBroken('Nobody can be asked any more: the person has died, or their record was emptied.'),
  data_allowance_goes_on: () => new Stale('This data was cancelled meanwhile.'),
  data_stock_is_handed_out_once: () => new Stale('Somebody handed this one out in the same moment. Choose again.'),
  second_look_at_a_code_says_why: () => new RuleBroken('The code was shown before. Write why it is needed again'),
  data_reading_is_the_newest: () =>
    new RuleBroken('There is a newer reading already. Enter one that was read after it.'),
  overdue_data_is_suspended_last: () =>
    new RuleBroken('It is not suspended for being overdue: they are warned a week before, and no call may be booked.'),
  data_is_stopped_before_it_is_ready: () =>
    new RuleBroken('It is not ready: data that was given with it still runs. Stop it first.'),
  data_goes_with_their_loan: () => new RuleBroken('That item is not on loan to them any more.'),
  diary_entry_goes_on: () => new Stale('This entry was cancelled meanwhile.'),
  group_keeps_to_its_size: () =>
    new RuleBroken('Every place of this session is taken. Take somebody off first, or plan another session.'),
  group_takes_people_in: () => new Stale('This session was cancelled meanwhile.'),
  supporter_of_session_is_theirs: () =>
    new RuleBroken('The person has not agreed that this supporter is told about training. Ask the person first.'),
  diary_is_of_a_champion: () => new RuleBroken('They are no champion now. Choose somebody else.'),
  supporters_of_appointment_are_theirs: () =>
    new RuleBroken('The person has not agreed that this supporter joins. Ask the person first.'),
  booked_hold_goes_on: () => new Stale(),
  booking_goes_on: () => new Stale(),
  booking_wait_goes_on: () => new Stale('They are not waiting any more.'),
  waits_on_their_own_ward: () =>
    new RuleBroken('This person is not on the ward any more. Choose somebody else, or use initials'),
  cable_is_short_enough: () =>
    new RuleBroken(
      'A cable of it is longer than the ward permits. Choose a shorter one; or the nurse in charge signs for it, on the page of the ward.',
    ),
  restriction_is_kept: () =>
    new RuleBroken(
      'Their care plan keeps a thing of this kind from them. Choose something else; or on a ward the nurse in charge signs for it, on the page of the person.',
    ),
  restriction_goes_on: () => new Stale('This restriction was ended meanwhile.'),
  restriction_permit_is_signed_on_their_ward: () =>
    new RuleBroken('They cannot sign for this person any more. Choose somebody else.'),
  cable_permit_is_signed_on_the_ward: () =>
    new RuleBroken('They cannot sign for this ward any more. Choose somebody else.'),
  closed_ward_takes_nothing: () =>
    new RuleBroken('That ward, team or hub is closed, and takes nothing new. Choose another one.'),
  anonymised_when_nothing_stands_in_the_way: () =>
    new RuleBroken('Something stands in the way of emptying this record.'),
  closed_subject_access_stays: () => new Stale('This request was closed meanwhile.'),
  legal_hold_stays: () => new Stale('This hold was lifted meanwhile.'),
  nothing_is_lent_to_who_died: () =>
    new RuleBroken(
      'Their record says that they died. Nothing can be lent to them. Check that this is the right person.',
    ),
  photos_are_saved_first: () => new RuleBroken('Photos to save first: nothing is signed out or wiped before that.'),
  last_administrator_stays: () =>
    new RuleBroken('There must be an administrator who can sign in. Make somebody else one first.'),
  deposit_fits_its_bay: () => new RuleBroken('That bay has another connector. Choose another one.'),
  locker_deposit_goes_on: () => new Stale('This device was taken out meanwhile.'),
  link_opens_once: () => new Stale('This link was used already.'),
  audit_on_enrolled_tablet: () => new TabletRevoked(),
  badge_goes_on: () => new Stale(),
  pin_goes_on: () => new Stale('This PIN was changed or locked meanwhile.'),
  tablet_goes_on: () => new Stale(),
  tablet_session_is_theirs: () => new RuleBroken('You cannot sign in on this tablet any more.'),
  turnaround_has_all_its_steps: () => new RuleBroken('It is not ready: some of its steps are not done.'),
  turnaround_stays_one: () => new Stale(),
  turnaround_step_of_open_turnaround: () => new Stale(),
  ward_closes_empty: () => new RuleBroken('Something is still there, so it cannot be closed yet.'),
}

// lock_timeout, statement_timeout, too many connections, shutting down, crashed, starting up, idle in transaction
const busyCodes = new Set(['55P03', '57014', '53300', '57P01', '57P02', '57P03', '25P03'])

function isPostgresError(error: unknown): error is PostgresError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string'
  )
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ENOENT',
])

const networkWords =
  /^(?:timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|Client has encountered a connection error|Client was closed)/

/** pg reports a pool that ran dry, and a connection that fell away, with plain errors and no code. */
function isNoConnection(error: unknown): boolean {
  if (!isNativeError(error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return networkCodes.has(code) || networkWords.test(error.message)
}
