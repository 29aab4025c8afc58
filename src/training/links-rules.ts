/** Where the pages of training are. */
export function trainingUrl(id: number, part = ''): string {
  return part === '' ? `/training/${id}` : `/training/${id}/${part}`
}

export function trainingOfUrl(personId: number): string {
  return `/service-users/${personId}/training`
}
