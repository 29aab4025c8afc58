/** Where the pages of trial-run calls are. */
export function trialCallUrl(id: number, part = ''): string {
  return part === '' ? `/trial-calls/${id}` : `/trial-calls/${id}/${part}`
}

/** Where one is arranged, for an appointment. */
export function trialCallsOfUrl(appointmentId: number, part = ''): string {
  return `/appointments/${appointmentId}/trial-calls${part === '' ? '' : `/${part}`}`
}
