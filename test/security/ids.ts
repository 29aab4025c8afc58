import pg from 'pg'

/** Gives every table ids of its own from here on, with seven digits: an id then stands for one record wherever it is met. */
export async function spreadIds(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const { rows } = await owner.query(
      "select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by relname",
    )
    for (const [at, { relname }] of rows.entries()) {
      await owner.query(`alter sequence ${owner.escapeIdentifier(relname)} restart with ${(at + 1) * 1_000_000}`)
    }
  } finally {
    await owner.end()
  }
}

/** Every such id in a text by the name given to it, or as just an id. */
export function nameIds(text: string, names: Map<string, string> = new Map()): string {
  return text.replace(/(?<!\d)[1-9]\d{6,7}(?!\d)/g, (id) => names.get(id) ?? 'an id')
}
