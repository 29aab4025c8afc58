interface Place {
  left: number
  top: number
  width: number
  height: number
}

export interface PlacedLabel extends Place {
  tag: string
  sheet: number
  /** Text that stands out of the label. */
  overflows: boolean
  code: Place | null
}

export function measureLabels(): PlacedLabel[]
