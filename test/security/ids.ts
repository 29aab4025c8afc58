import pg from 'pg'

let databases = 0

/**
 * Gives every table ids of its own from here on, with seven digits or more: an id then stands for one record wherever it
 * is met, in this database and in those of other test files.
 */
export async function spreadIds(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const first = 100_000 * databases
  databases += 1
  try {
    const { rows } = await owner.query(
      "select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by relname",
    )
    for (const [at, { relname }] of rows.entries()) {
      await owner.query(
        `alter sequence ${owner.escapeIdentifier(relname)} restart with ${(at + 1) * 1_000_000 + first}`,
      )
    }
  } finally {
    await owner.end()
  }
}

/** Every such id in a text by the name given to it, or as just an id. */
export function nameIds(text: string, names: Map<string, string> = new Map()): string {
  return text.replace(/(?<!\d)[1-9]\d{6,8}(?!\d)/g, (id) => names.get(id) ?? 'an id')
}
