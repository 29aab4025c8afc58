/** What an organisation takes a call to use, until a platform has a figure of its own; and where that is from. */
export interface DataSettings {
  data_mb_video: number
  data_mb_phone: number
  data_mb_text: number
  data_mb_day: number
  data_mb_source: string
  /** Days overdue after which somebody is asked about suspending data; null: nobody is. */
  data_suspend_after_days: number | null
}

/** The settings as one text, to tell whether somebody changed them meanwhile. */
export function settingsInOne(settings: DataSettings): string {
  const { data_mb_video, data_mb_phone, data_mb_text, data_mb_day, data_mb_source, data_suspend_after_days } = settings
  return [data_mb_video, data_mb_phone, data_mb_text, data_mb_day, data_suspend_after_days, data_mb_source].join(' ')
}
