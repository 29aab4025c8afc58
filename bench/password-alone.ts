import pg from 'pg'

/** A champion of the benchmark signs in with a password alone: what is measured comes after, and has no phone. */
export async function askForPasswordAlone(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench' })
  await client.connect()
  try {
    await client.query(`
      insert into second_step_rules (organisation_id, role, is_required) select id, 'champion', false from organisations
      on conflict (organisation_id, role) do update set is_required = false`)
  } finally {
    await client.end()
  }
}
