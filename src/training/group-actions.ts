import type { Change } from '../database/change.ts'
import { cancelEntry, makeEntry } from '../diary/entry-actions.ts'
import { lockPerson } from '../diary/entry-queries.ts'
import { anybodysDiary } from '../diary/nearest-rules.ts'
import { listBusy } from '../diary/person-queries.ts'
import { safeTimesOf } from '../diary/question-rules.ts'
import { checkTime } from '../diary/warning-rules.ts'
import { parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { isNothingNew, type Warning } from '../lib/warnings.ts'
import type { GroupOrder, GroupPlan, Invited, Sheet } from './group-form.ts'
import { type GroupRecord, listPeopleToInvite, lockGroup, lockPlaces, type PersonToInvite } from './group-queries.ts'
import {
  GROUP_CANCELLED,
  GROUP_OVER,
  GROUP_STAYS,
  groupIsFull,
  moreThanPlaces,
  NOT_INVITED,
  NOTHING_CHOSEN,
  ON_THE_LIST,
  sheetTooSoon,
  takenOff,
} from './group-rules.ts'
import { mayLearn } from './rules.ts'

const MINUTE = 60_000

/** Plans a session for a group, in the diary of a champion. Refuses as the diary does. Gives its id. */
export async function planGroup(change: Change, order: GroupOrder): Promise<{ id: number }> {
  const { startsAt, minutes, way, championId, topics, places, place, materials } = order
  const made = await makeEntry(change, {
    ...{ championId, serviceUserId: null, appointmentId: null, kind: 'training-session', way, note: '' },
    ...{ startsAt, endsAt: new Date(startsAt.getTime() + minutes * MINUTE), travelMinutes: 0 },
  })
  await change.trx
    .insertInto('group_sessions')
    .values({
      diary_entry_id: made.id,
      organisation_id: change.by.organisationId,
      ...{ topics, places, place, materials },
    })
    .execute()
  const details = { new: { starts_at: startsAt.toISOString(), minutes, topics, places } }
  change.audit({ verb: 'training:group-planned', subject: ['diary-entry', made.id], details })
  return made
}

/**
 * Changes what a session of a group is about, where it is and how many may come. Whoever is invited is invited to that. Refuses
 * (Stale) what was changed meanwhile, (RuleBroken) one that is over or cancelled, and (Taken) fewer places than are taken.
 */
export async function replanGroup(change: Change, id: number, version: number, plan: GroupPlan): Promise<void> {
  const { trx, by } = change
  const group = await lockGroup(trx, by, id)
  if (!group) throw new NotFound()
  if (group.plan_version !== version) throw new Stale()
  if (group.cancelled_at !== null) throw new RuleBroken(GROUP_CANCELLED)
  if (parseInstant(group.ends_at) <= change.now()) throw new RuleBroken(GROUP_STAYS)
  if (plan.places < group.taken) throw new Taken('places', moreThanPlaces(group.taken))
  await trx
    .updateTable('group_sessions')
    .set({ ...plan, version: version + 1 })
    .where('diary_entry_id', '=', id)
    .execute()
  const untold = (await lockPlaces(trx, by, id)).filter((place) => place.cancelled_at === null && place.came === null)
  await trx
    .updateTable('training_sessions')
    .set((is) => ({ topics: plan.topics, version: is('version', '+', 1) }))
    .where(({ eb }) => eb('diary_entry_id', '=', eb.fn.any(eb.val(untold.map((place) => place.id)))))
    .execute()
  const planned = ({ topics, places, place, materials }: GroupPlan) => ({ topics, places, place, materials })
  const details = { old: planned(group as GroupPlan), new: planned(plan) }
  change.audit({ verb: 'training:group-changed', subject: ['diary-entry', id], details })
}

/** What speaks against inviting somebody and was not seen yet. */
export class InviteToBeMeant extends RuleBroken {
  readonly warnings: Warning[]
  constructor(warnings: Warning[]) {
    super(warnings.map(({ text }) => text).join('. '))
    this.warnings = warnings
  }
}

/**
 * Gives somebody in reach, or whoever supports them, a place in a group. `seen`: the warnings that were. Refuses (RuleBroken) where
 * no place is left, the session is over or cancelled, they are on the list, are elsewhere then, or it is a call outside of their safe
 * times; (InviteToBeMeant) what one may go on in spite of.
 */
export async function invite(change: Change, groupId: number, invited: Invited, seen: string): Promise<{ id: number }> {
  const { trx, by } = change
  const group = await lockGroup(trx, by, groupId)
  if (!group) throw new NotFound()
  const found = await lockPerson(trx, by, invited.personId)
  const [person] = found ? await listPeopleToInvite(trx, by, [found.id]) : []
  if (!person) throw new NotFound()
  const now = change.now()
  await requirePlace(change, group, person, now)
  requireSupporter(person, invited.supporterId)
  const isForThem = invited.supporterId === null
  if (isForThem) await requireFree(change, group, person)
  const warnings = isForThem ? warningsFor(group, person) : []
  if (!isNothingNew(warnings, seen)) throw new InviteToBeMeant(warnings)
  return await addPlace(change, group, person, { ...invited, now })
}

async function requirePlace({ trx, by }: Change, group: GroupRecord, person: PersonToInvite, now: Date): Promise<void> {
  if (person.state === 'died') throw new RuleBroken('This person has died. Plan nothing with them.')
  if (group.cancelled_at !== null) throw new RuleBroken(GROUP_CANCELLED)
  if (parseInstant(group.ends_at) <= now) throw new RuleBroken(GROUP_OVER)
  const places = await lockPlaces(trx, by, group.id)
  const isOnTheList = places.some((one) => one.service_user_id === person.id && one.cancelled_at === null)
  if (isOnTheList) throw new RuleBroken(ON_THE_LIST)
  if (group.taken >= group.places) throw new RuleBroken(groupIsFull(group.places))
}

function requireSupporter({ contact }: PersonToInvite, supporterId: number | null): void {
  if (supporterId === null) return
  const supporter = contact.supporters.find(({ id }) => id === supporterId)
  if (!supporter) throw new NotFound()
  if (!mayLearn(supporter)) {
    throw new RuleBroken('The person has not agreed that this supporter is told about training. Ask the person first.')
  }
}

/** They are nowhere else then, and on a call inside of the hours that they said are safe. */
async function requireFree({ trx, by }: Change, group: GroupRecord, person: PersonToInvite): Promise<void> {
  const [startsAt, endsAt] = [parseInstant(group.starts_at), parseInstant(group.ends_at)]
  const personBusy = await listBusy(trx, by, { serviceUserId: person.id, from: startsAt, until: endsAt })
  const { errors } = checkTime(
    { championId: anybodysDiary.championId, startsAt, endsAt, travelMinutes: 0 },
    {
      ...{ diaries: [anybodysDiary], breakMinutes: 0, personBusy },
      safeTimes: group.way === 'face-to-face' ? null : safeTimesOf(person),
    },
  )
  const [problem] = errors
  if (problem) {
    throw new RuleBroken(`${problem.text}. If you go on, move that first; or invite them to another session.`)
  }
}

function warningsFor(group: GroupRecord, { state, interpreter, ways }: PersonToInvite): Warning[] {
  const isInterpreted = interpreter === 'spoken' || interpreter === 'signed'
  return [
    ...(state === 'admitted'
      ? [{ code: 'ward', text: 'They are on a ward now. If you go on, ask the ward whether they can come then' }]
      : []),
    ...(isInterpreted
      ? [{ code: 'interpreter', text: 'They want an interpreter. If you go on, one has to be booked for the group' }]
      : []),
    ...(ways.length > 0 && !ways.includes(group.way)
      ? [{ code: 'way', text: 'They would rather meet a group in another way. If you go on, ask them first' }]
      : []),
  ]
}

async function addPlace(
  change: Change,
  group: GroupRecord,
  { id: personId, interpreter }: PersonToInvite,
  { supporterId, now }: { supporterId: number | null; now: Date },
): Promise<{ id: number }> {
  const { trx, by } = change
  const made = await trx
    .insertInto('diary_entries')
    .values({
      ...{ organisation_id: by.organisationId, champion_id: group.champion_id, service_user_id: personId },
      ...{ kind: 'training-session', way: group.way, group_entry_id: group.id, note: '', travel_minutes: 0 },
      ...{ starts_at: group.starts_at, leaves_at: group.starts_at, ends_at: group.ends_at, back_at: group.ends_at },
      ...{ made_at: now, made_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('training_sessions')
    .values({
      ...{ diary_entry_id: made.id, organisation_id: by.organisationId, topics: group.topics },
      ...{ supporter_id: supporterId, interpreter_joins: interpreter === 'spoken' || interpreter === 'signed' },
    })
    .execute()
  const subject: ['diary-entry', number] = ['diary-entry', made.id]
  const details = { new: { group_id: group.id, ...(supporterId !== null && { supporter_id: supporterId }) } }
  change.audit({ verb: 'training:invited', subject, serviceUserId: personId, details })
  return made
}

/**
 * Writes down who came, and who agreed to how the group works; of whoever did not come nothing else is known. Refuses (RuleBroken)
 * the whole sheet where one of them was not invited, or was taken off meanwhile.
 */
export async function writeSheet(change: Change, groupId: number, { ids, rows }: Sheet): Promise<void> {
  const { trx, by } = change
  const group = await lockGroup(trx, by, groupId)
  if (!group) throw new NotFound()
  if (group.cancelled_at !== null) throw new RuleBroken(GROUP_CANCELLED)
  const now = change.now()
  if (parseInstant(group.starts_at) > now) throw new RuleBroken(sheetTooSoon(group.starts_at))
  const places = new Map((await lockPlaces(trx, by, groupId)).map((place) => [place.id, place]))
  if (!ids.every((id) => places.get(id)?.is_in_reach)) throw new RuleBroken(NOT_INVITED)
  if (rows.length === 0) throw new RuleBroken(NOTHING_CHOSEN)
  for (const { id, came, agreed } of rows) {
    const place = places.get(id)
    if (!place) throw new RuleBroken(NOT_INVITED)
    if (place.cancelled_at !== null) throw new RuleBroken(takenOff(place.name))
    if (place.came === came && place.agreed_ways === agreed) continue
    const nothingElse = came ? {} : nothingKnown
    await trx
      .updateTable('training_sessions')
      .set({ came, agreed_ways: agreed, told_at: now, told_by: by.staffId, version: place.version + 1, ...nothingElse })
      .where('diary_entry_id', '=', id)
      .execute()
    const details = { old: { came: place.came }, new: { came, agreed_ways: agreed } }
    const subject: ['diary-entry', number] = ['diary-entry', id]
    change.audit({ verb: 'training:result-written', subject, serviceUserId: place.service_user_id, details })
  }
  change.audit({ verb: 'training:sheet-written', subject: ['diary-entry', groupId] })
}

const nothingKnown = {
  ...{ confidence_before: null, confidence_after: null, could_before: null, could_after: null, wants_more: null },
}

/** Cancels a session of a group; with it every place in it. */
export async function cancelGroup(change: Change, id: number, version: number): Promise<void> {
  const group = await lockGroup(change.trx, change.by, id)
  if (!group) throw new NotFound()
  if (group.cancelled_at !== null) throw new Stale()
  if (group.taken > group.untold) {
    throw new RuleBroken('Who came is written down, so the session stays. Plan another one.')
  }
  await cancelEntry(change, id, version)
  change.audit({ verb: 'training:group-cancelled', subject: ['diary-entry', id] })
}
