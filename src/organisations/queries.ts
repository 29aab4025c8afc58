import type { Database } from '../database/connection.ts'

/** An organisation by its code, and whether anybody has joined it: until then nobody can invite anybody. */
export function findByCode(db: Database, code: string) {
  return db
    .selectFrom('organisations')
    .select((eb) => [
      'id',
      'name',
      eb
        .exists(
          eb
            .selectFrom('staff')
            .select('staff.id')
            .whereRef('staff.organisation_id', '=', 'organisations.id')
            .where('staff.password_hash', 'is not', null),
        )
        .as('has_begun'),
    ])
    .where('code', '=', code)
    .executeTakeFirst()
}

/** Whose an address is: it has one account in the whole service. */
export function findByEmail(db: Database, email: string) {
  return db.selectFrom('staff').select(['id', 'organisation_id', 'name']).where('email', '=', email).executeTakeFirst()
}
