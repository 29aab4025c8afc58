/** What is left of one allowance, as a provider's file says it. */
export interface NewReading {
  allowanceId: number
  serviceUserId: number | null
  left: number
  /** null: today, and so it counts as read when it is written. */
  readAt: string | null
}

/** An allowance on a SIM, with what was read of it last. */
export interface SimRead {
  id: number
  sim_number: string
  service_user_id: number | null
  megabytes: number | null
  starts_on: string
  ends_on: string | null
  read_at: string | null
  left: number | null
  source: string | null
}
