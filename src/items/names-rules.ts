/** The page of an item. A tag may hold anything somebody once stuck on a device, so it is always encoded. */
export function itemUrl(tag: string): string {
  return `/items/${encodeURIComponent(tag)}`
}

export function modelName({ maker, model }: { maker: string; model: string }): string {
  return maker === '' ? model : `${maker} ${model}`
}
