/** Where the pages of appointments are. */
export function appointmentUrl(id: number, part = ''): string {
  return part === '' ? `/appointments/${id}` : `/appointments/${id}/${part}`
}

export function appointmentsOfUrl(personId: number): string {
  return `/service-users/${personId}/appointments`
}
