/**
 * What the service may say no with. Rules, actions and queries throw these; `web/errors.ts` alone turns them into pages.
 * A refusal is an answer and not a fault: it carries no stack worth logging.
 */
export abstract class Refusal extends Error {
  abstract readonly status: number
  abstract readonly verb: string
}

/** There is no such thing, or it is another organisation's: the two look exactly alike. */
export class NotFound extends Refusal {
  readonly status = 404
  readonly verb = 'refused:not-found'
}

/** The person's role may not do this. */
export class NotAllowed extends Refusal {
  readonly status = 403
  readonly verb = 'refused:not-allowed'
}

/** The ward's tablet was taken off while somebody worked on it. */
export class TabletRevoked extends Refusal {
  readonly status = 403
  readonly verb = 'refused:tablet-revoked'
}

/** The form's token is missing or is not this session's. */
export class ForgedForm extends Refusal {
  readonly status = 403
  readonly verb = 'refused:forged-form'
}

/** A rule of the field stands in the way; the message is plain English for the person who asked. */
export class RuleBroken extends Refusal {
  readonly status: number = 409
  readonly verb: string = 'refused:rule-broken'
}

/** Somebody else has it, or has planned to. `constraint` tells which of PostgreSQL's rules said so. */
export class Taken extends Refusal {
  readonly status = 409
  readonly verb = 'refused:taken'
  readonly constraint: string
  constructor(constraint = '', message = 'Someone else has taken this.') {
    super(message)
    this.constraint = constraint
  }
}

/** Somebody changed it after this form was shown. */
export class Stale extends Refusal {
  readonly status = 409
  readonly verb = 'refused:stale'
  constructor(message = 'Someone changed this after you opened it.') {
    super(message)
  }
}

/** A value that must be unique is in use already. */
export class NotUnique extends Refusal {
  readonly status = 409
  readonly verb = 'refused:not-unique'
  readonly constraint: string
  constructor(constraint: string) {
    super('Another record already has this value.')
    this.constraint = constraint
  }
}

/** Too many requests at once, or the database is away: try again in a moment. */
export class TooBusy extends Refusal {
  readonly status = 503
  readonly verb = 'refused:too-busy'
}

/** The database went away after the work was done and before the answer began: what was asked may have been saved. */
export class AnswerLost extends TooBusy {}
