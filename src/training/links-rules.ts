/** Where the pages of training are. */
export function trainingUrl(id: number, part = ''): string {
  return part === '' ? `/training/${id}` : `/training/${id}/${part}`
}

/** A session of a group; `new`: planning one. */
export function groupUrl(id: number | 'new', part = ''): string {
  return part === '' ? `/training/groups/${id}` : `/training/groups/${id}/${part}`
}

export function trainingOfUrl(personId: number): string {
  return `/service-users/${personId}/training`
}
