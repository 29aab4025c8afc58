import pg from 'pg'

const YEARS = 5
/** The loans of `fill.ts` go back so far. */
const LOANS_GO_BACK_DAYS = 1_080
const APPOINTMENTS_EACH = 4
const STAFF = 60

/**
 * Adds to a copy what reports count besides loans, and spreads the loans over five years. Written past the triggers, as
 * `fill.ts` writes the rest; the constraints are those of the app.
 */
export async function fillReports(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench fill' })
  await client.connect()
  try {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'`)
    for (const work of [spread, people, appointments, referrals, conversations, allowances, trainingAndCaseload]) {
      await client.query(work)
    }
    await client.query('vacuum (analyze)')
  } finally {
    await client.end()
  }
}

const longer = ((YEARS * 365) / LOANS_GO_BACK_DAYS).toFixed(3)
const earlier = (column: string) => `${column} = now() - (now() - ${column}) * ${longer}`

const spread = `
  update loan_lines set ${earlier('from_at')}, ${earlier('taken_at')}, ${earlier('ended_at')},
    due_on = (now() - (now() - due_on::timestamptz) * ${longer})::date
  where ended_at is not null and taken_at is not null;
  update item_holds set ${earlier('taken_at')}, ${earlier('ended_at')} where ended_at is not null and taken_at is not null;
  update items set created_at = created_at - interval '${YEARS - 3} years', bought_on = current_date - 100 - (id % 1700)::int;
`

const one = (words: string[], of: string) => `(array['${words.join("','")}'])[1 + (${of}) % ${words.length}]`

const people = `
  update service_users set
    gender = ${one(['woman', 'man', 'non-binary', 'prefer-not'], 'id')},
    ethnicity = ${one(['asian', 'black', 'mixed', 'white', 'other'], 'id / 3')},
    disability = ${one(['yes', 'no'], 'id / 7')},
    interpreter = ${one(['no', 'spoken'], 'id / 11')},
    housing = ${one(['settled', 'supported', 'temporary', 'rough'], 'id / 13')},
    asylum = ${one(['no', 'no', 'no', 'refugee'], 'id / 17')},
    deprivation_decile = (1 + id % 10)::text;
`

/** The days since one before which all of it lies, for what comes `each` times a person. */
const past = (of: string, each: number) =>
  `(current_date - ((${of}) * ${Math.floor((YEARS * 365) / each)} + 1 + n % 300)::int)`

const appointments = `
  insert into appointments (organisation_id, service_user_id, is_first, purpose, way, way_since, way_by, starts_at, ends_at,
                            extra_minutes, made_at, made_by, outcome, outcome_at, outcome_by, met_by, disruption)
  select 1, n, nth % 2 = 0, ${one(['assessment', 'therapy', 'review'], 'n')}, way, made, 1, at, at + interval '50 minutes', 0, made, 1,
         outcome, at + interval '1 hour', 1, case when outcome = 'attended' then way end,
         case when outcome = 'attended' then ${one(['none', 'small', 'back-up'], 'n / 5')} end
  from generate_series(1, (select max(id) from service_users)) n, generate_series(0, ${APPOINTMENTS_EACH - 1}) nth,
    lateral (select (${past('nth', APPOINTMENTS_EACH)} + time '09:00' + n % 8 * interval '1 hour') at time zone 'Europe/London' as at,
             ${one(['video', 'phone', 'face-to-face'], 'n + nth')} as way,
             ${one(['attended', 'attended', 'could-not-connect', 'did-not-attend'], 'n / 3 + nth')} as outcome) met,
    lateral (select at - (1 + n % 70) * interval '1 day' as made) before;
  insert into meeting_preferences (organisation_id, service_user_id, purpose, ways, review_on, at, recorded_by)
  select 1, n, purpose, array[${one(['video', 'phone', 'face-to-face'], 'n')}], current_date, now() - interval '${YEARS} years', 1
  from generate_series(1, (select max(id) from service_users)) n, unnest(array['first-meeting', 'review']) purpose;
`

const referrals = `
  insert into referrals (id, organisation_id, service_user_id, source, team_id, referred_on, made_at, made_by, is_open)
    overriding system value
  select n * 2 + nth, 1, n, 'care-team', 1 + n % 40, day, day + interval '12 hours', 1, false
  from generate_series(1, (select max(id) from service_users)) n, generate_series(0, 1) nth,
       lateral (select ${past('nth', 2)} as day) referred;
  insert into referral_asks (referral_id, organisation_id, ask) select id, 1, 'device' from referrals;
`

const conversations = `
  insert into conversations (id, organisation_id, service_user_id, how, held_on, began_at, began_by, finished_at, finished_by, review_on)
    overriding system value
  select n, 1, n, 'phone', day, day + interval '12 hours', 1, day + interval '13 hours', 1, day + 180
  from generate_series(1, (select max(id) from service_users)) n, lateral (select ${past('n % 5', 5)} as day) held;
  insert into conversation_answers (organisation_id, service_user_id, conversation_id, said_on, question, kind, chosen, at, answered_by)
  select 1, service_user_id, id, held_on, question, 'answered', array[said], finished_at, 1
  from conversations,
       lateral (values ('device', ${one(['none', 'shared', 'own'], 'id')}), ('affordability', ${one(['no', 'yes'], 'id / 3')}),
                       ('charging', ${one(['no', 'yes', 'sometimes'], 'id / 5')}), ('language', 'english')) said (question, said);
`

const allowances = `
  insert into data_allowances (id, organisation_id, service_user_id, kind, provider, period, megabytes, starts_on, ends_on, cost_pence, made_at, made_by)
    overriding system value
  select n, 1, n, ${one(['sim', 'esim', 'voucher', 'hotspot'], 'n')}, 'Example', 'month', 6000, day, day + 180, 1000, day::timestamptz, 1
  from generate_series(1, (select max(id) from service_users)) n, lateral (select ${past('n % 5', 5)} as day) given;
  insert into data_readings (organisation_id, data_allowance_id, read_at, megabytes_left, source, made_at, made_by)
  select 1, id, at, case when id % 3 = nth then 0 else 2000 end, 'typed', at, 1
  from data_allowances, generate_series(0, 1) nth, lateral (select made_at + (20 + nth * 20) * interval '1 day' as at) later
  where at < now();
`

const trainingAndCaseload = `
  insert into diary_entries (id, organisation_id, champion_id, service_user_id, kind, way, starts_at, ends_at, leaves_at, back_at, made_at, made_by)
    overriding system value
  select 1000000 + n, 1, 1 + n % ${STAFF}, n, 'training-session', 'phone', at, at + interval '30 minutes', at, at + interval '30 minutes', at - interval '9 days', 1
  from generate_series(1, (select max(id) from service_users)) n,
       lateral (select (current_date - 1 - (n / ${STAFF} * ${YEARS * 365} / ((select max(id) from service_users) / ${STAFF} + 1))::int + time '10:00') at time zone 'Europe/London'
                as at) slot
  on conflict do nothing;
  insert into training_sessions (diary_entry_id, organisation_id, topics, came, confidence_before, confidence_after, told_at, told_by)
  select id, 1, array['join'], true, 2, 2 + id % 3, ends_at, champion_id from diary_entries where kind = 'training-session' and id > 1000000;
  insert into caseload_counts (organisation_id, counted_on, breakdown, people_group, people, import_id)
  select 1, current_date - 400, breakdown, people_group, people, 1
  from (values ('everybody', 'everybody', 90000), ('gender', 'woman', 40000), ('gender', 'man', 40000), ('disability', 'yes', 50000),
               ('disability', 'no', 40000)) counted (breakdown, people_group, people);
`
