import type { RequestHandler } from 'express'
import multer from 'multer'
import type { Route } from './routes.ts'

declare module 'express-serve-static-core' {
  interface Request {
    /** Why the file that was sent could not be taken. */
    uploadProblem?: 'too large' | 'not readable'
  }
}

/**
 * Reads one file into memory, bounded; the feature stages it in PostgreSQL. A file that is too large is told to the
 * form, not thrown: what else was typed is kept, and the token, which stands before the file, has been read.
 */
export function readUpload({ field, maxBytes }: NonNullable<Route['upload']>): RequestHandler {
  const limits = { fileSize: maxBytes, files: 1, fields: 50, fieldSize: 50_000, parts: 52, headerPairs: 20 }
  const read = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).single(field)
  return (req, res, next) => {
    read(req, res, (error: unknown) => {
      if (error === undefined || error === null) return next()
      // whatever the parser says of a body is the sender's doing; a token in it may not have been read
      if (!(error instanceof multer.MulterError)) return next(Object.assign(error as Error, { status: 400 }))
      req.uploadProblem = error.code === 'LIMIT_FILE_SIZE' ? 'too large' : 'not readable'
      next()
    })
  }
}
