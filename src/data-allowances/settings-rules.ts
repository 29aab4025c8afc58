/** What an organisation takes a call to use, until a platform has a figure of its own; and where that is from. */
export interface DataSettings {
  data_mb_video: number
  data_mb_phone: number
  data_mb_text: number
  data_mb_day: number
  data_mb_source: string
}

/** The settings as one text, to tell whether somebody changed them meanwhile. */
export function settingsInOne(settings: DataSettings): string {
  const { data_mb_video, data_mb_phone, data_mb_text, data_mb_day, data_mb_source } = settings
  return [data_mb_video, data_mb_phone, data_mb_text, data_mb_day, data_mb_source].join(' ')
}
