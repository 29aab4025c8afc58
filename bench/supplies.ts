import pg from 'pg'

/** What is asked for, chosen beforehand from the data: other pages of the list, other items, each item lent once. */
export interface Supplies {
  /** Keys to begin a page of the list after. */
  listKeys: string[]
  itemTags: string[]
  serviceUserIds: number[]
  /** Items that are free. */
  freeItemIds: number[]
  openLines: { loanId: number; lineId: number; version: number }[]
  loanIds: number[]
  closedLoanIds: number[]
  serials: string[]
  models: number[]
  kits: number[]
  /** Items that came back and are not ready yet. */
  inTurnaround: number[]
  dueOn: string
}

export async function readSupplies(adminUrl: string): Promise<Supplies> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench' })
  await client.connect()
  try {
    const column = async <T>(sql: string) => (await client.query<{ value: T }>(sql)).rows.map(({ value }) => value)
    const ids = async (sql: string) => (await column<string>(sql)).map(Number)
    const some = 'order by md5(id::text) limit 400'
    const openLines = await client.query<{ loan: string; line: string; version: number }>(`
      select loan_id as loan, min(loan_lines.id) as line, version
      from loan_lines join loans on loans.id = loan_id
      where taken_at is not null and ended_at is null and placed_with_ward_id is null
      group by loan_id, version order by md5(loan_id::text)`)
    return {
      listKeys: await column(`select tag_key as value from items where id % 97 = 3 order by md5(tag) limit 400`),
      itemTags: await column(`select tag as value from items where left_at is null order by md5(tag) limit 400`),
      serviceUserIds: await ids(`select id as value from service_users order by id limit 5000`),
      freeItemIds: await ids(freeItems),
      openLines: openLines.rows.map(({ loan, line, version }) => ({
        loanId: Number(loan),
        lineId: Number(line),
        version,
      })),
      loanIds: openLines.rows.slice(-400).map(({ loan }) => Number(loan)),
      closedLoanIds: await ids(`select id as value from loans where version > 1 ${some}`),
      serials: await column(`select serial as value from items ${some}`),
      models: await ids(`select id as value from models ${some}`),
      kits: await ids(`select id as value from kits ${some}`),
      inTurnaround: await ids(`
        select item_id as value from item_holds where kind = 'turnaround' and ended_at is null ${some}`),
      dueOn: (await column<string>(`select (current_date + 84)::text as value`))[0] ?? '',
    }
  } finally {
    await client.end()
  }
}

const freeItems = `
  select items.id as value from items join models on models.id = model_id
  where left_at is null and (support_ends_on is null or support_ends_on > current_date + 100)
    and not exists (select from item_holds where item_id = items.id and ended_at is null and cancelled_at is null)
    and not exists (select from loan_lines where item_id = items.id and ended_at is null and cancelled_at is null)
  order by md5(tag)
`
