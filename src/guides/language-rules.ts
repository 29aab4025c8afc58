/** A language that guides may be in: its code, its names as people write them down, and whether it runs from the right. */
export interface Language {
  code: string
  name: string
  own: string
  dir: 'ltr' | 'rtl'
}

const language = (code: string, name: string, own: string, dir: 'ltr' | 'rtl' = 'ltr'): Language => ({
  ...{ code, name, own, dir },
})

/** English first, then Welsh, then what the 2021 census found most often in England and Wales, and what people who seek asylum speak. */
export const languages: readonly Language[] = [
  language('en', 'English', 'English'),
  language('cy', 'Welsh', 'Cymraeg'),
  language('sq', 'Albanian', 'Shqip'),
  language('am', 'Amharic', 'አማርኛ'),
  language('ar', 'Arabic', 'العربية', 'rtl'),
  language('bn', 'Bengali', 'বাংলা'),
  language('zh', 'Chinese', '中文'),
  language('fa', 'Farsi', 'فارسی', 'rtl'),
  language('fr', 'French', 'Français'),
  language('gu', 'Gujarati', 'ગુજરાતી'),
  language('it', 'Italian', 'Italiano'),
  language('ku', 'Kurdish', 'Kurdî'),
  language('lt', 'Lithuanian', 'Lietuvių'),
  language('ps', 'Pashto', 'پښتو', 'rtl'),
  language('pl', 'Polish', 'Polski'),
  language('pt', 'Portuguese', 'Português'),
  language('pa', 'Punjabi', 'ਪੰਜਾਬੀ'),
  language('ro', 'Romanian', 'Română'),
  language('so', 'Somali', 'Soomaali'),
  language('es', 'Spanish', 'Español'),
  language('ta', 'Tamil', 'தமிழ்'),
  language('ti', 'Tigrinya', 'ትግርኛ'),
  language('tr', 'Turkish', 'Türkçe'),
  language('uk', 'Ukrainian', 'Українська'),
  language('ur', 'Urdu', 'اردو', 'rtl'),
  language('vi', 'Vietnamese', 'Tiếng Việt'),
]

export const ENGLISH = 'en'

export const languageOf = (code: string): Language | undefined => languages.find((one) => one.code === code)
export const languageName = (code: string) => languageOf(code)?.name ?? code

/** The language that somebody wrote down in their own words: "Polish", "polski, some English". Undefined where it is none of ours. */
export function languageFromWords(words: string): Language | undefined {
  const [first = ''] = words
    .trim()
    .toLocaleLowerCase('en')
    .split(/[,;(/]| and /)
  const asked = first.trim()
  return languages.find(({ name, own }) => [name, own].some((one) => one.toLocaleLowerCase('en') === asked))
}

/** Whether they wrote down that their language is a sign language. */
export const isSignLanguage = (words: string) => /\bbsl\b|sign language/i.test(words)
