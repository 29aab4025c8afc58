import { text } from 'node:stream/consumers'
import { fromBuffer } from 'yauzl'

/** The files of a zip, as text, by their names. */
export function unzip(bytes: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  return new Promise((done, fail) => {
    fromBuffer(bytes, { lazyEntries: true }, (problem, zip) => {
      if (problem) return fail(problem)
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, (error, stream) => {
          if (error) return fail(error)
          text(stream).then((content) => {
            files.set(entry.fileName, content)
            zip.readEntry()
          }, fail)
        })
      })
      zip.once('end', () => done(files)).once('error', fail)
      zip.readEntry()
    })
  })
}
