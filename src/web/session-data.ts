import 'express-session'
import type { Actor } from '../lib/actor.ts'
import type { Link } from '../lib/view-model.ts'

declare module 'express-session' {
  interface SessionData {
    /** Read anew with every request and never stored, so that disabling someone or changing a role binds at once. */
    actor?: Actor
    staffId?: number
    /** The ward's tablet that they signed in on, with a PIN or a badge, for one task. */
    tabletId?: number
    /** The same tablet as it is now; read anew with every request and never stored. */
    tabletOfSession?: { tokenHash: string; isRevoked: boolean }
    /** What was done on the tablet, and by whom, to be said once they are signed out. */
    taskDone?: TaskDone
    /** The password was right and the second step is still to come: nobody is signed in yet, so there is no staffId. */
    pendingSignIn?: PendingSignIn
    /** The secret of a phone that is being set up, sealed. */
    newSecret?: { sealed: string; since: string }
    /** Recovery codes that were made and are to be written down, sealed; and where to go on after that. */
    newRecoveryCodes?: { sealed: string; next: string }
    /** A badge that was made and is to be printed, sealed. */
    newBadge?: string
    /** The code to enrol a tablet with, sealed, for whoever made it. */
    newTabletCode?: { tabletId: number; sealed: string }
    /** The code of a voucher that was handed out, as it is kept, to be shown once to whoever asked. */
    voucherCode?: { allowanceId: number; hash: string; sealed: string }
    createdAt?: string
    seenAt?: string
    endsAt?: string
    /** What to say once at the top of the next page. */
    flash?: string | Flash
    /** A form that came after the session ended, waiting for its sender to sign in again. */
    waitingForm?: WaitingForm
    /** What this person's last scan at the bench did, to be taken back by one more scan. */
    lastScan?: { itemId: number; holdId: number; tag: string; steps: string[] }
  }
}

export interface Flash {
  text: string
  /** Where to go on. */
  link?: Link
  /** For a page that gives the focus to a box of its own, which is `describedBy` the message and so reads it out. */
  leavesFocus?: boolean
  /** It was done, and is not all well: said without the green of success. */
  isWarning?: boolean
}

export interface TaskDone {
  text: string
  name: string
}

export interface PendingSignIn {
  staffId: number
  /** As the account was: a new password, another role or a reset meanwhile, and one begins again. */
  version: number
  since: string
  returnTo: string
}

export interface WaitingForm {
  staffId: number
  url: string
  fields: [string, string][]
}
