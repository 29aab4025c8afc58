import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { assetVersion, staticFiles } from '../../src/web/static.ts'

const app = express().use(staticFiles())
const at = (path: string, version = assetVersion) => request(app).get(`/assets/${version}/${path}`)

describe('a file of the look', () => {
  it.each([
    ['app.css', 'text/css'],
    ['app.js', 'text/javascript'],
    ['session-warning.js', 'text/javascript'],
    ['supported.js', 'text/javascript'],
    ['nhsuk-frontend.min.js', 'text/javascript'],
    ['images/favicon.svg', 'image/svg+xml'],
    ['images/nhsuk-icon-180.png', 'image/png'],
  ])('%s is served as what it is, for a year', async (path, type) => {
    const response = await at(path)
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toContain(type)
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it.each(['br', 'gzip'])('comes compressed by %s to whoever takes it, and the same each time', async (encoding) => {
    for (const _time of [1, 2]) {
      const response = await at('app.css').set('Accept-Encoding', encoding)
      expect(response.headers['content-encoding']).toBe(encoding)
      expect(response.headers.vary).toBe('Accept-Encoding')
      expect(Number(response.headers['content-length'])).toBeLessThan(40_000)
      expect(response.text).toBe(readFileSync('public/app.css', 'utf8'))
    }
  })

  it('comes as it is to whoever takes nothing else', async () => {
    const response = await at('app.css').set('Accept-Encoding', 'identity')
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.text).toBe(readFileSync('public/app.css', 'utf8'))
  })

  it('answers a page of another release too, and is not kept then', async () => {
    const response = await at('app.css', 'other')
    expect(response.status).toBe(200)
    expect(response.headers['cache-control']).toBe('no-cache')
  })

  it.each(['missing.css', '../package.json', '%2e%2e/package.json', '..%2fpackage.json', 'images', 'constructor'])(
    'is none when it is not one of ours: %s',
    async (path) => {
      expect((await at(path)).status).toBe(404)
    },
  )
})

describe('the style sheet', () => {
  const css = readFileSync('public/app.css', 'utf8')

  it('asks nobody else for anything: no font, no import, no address outside', () => {
    expect(css).not.toMatch(/@font-face|@import|https?:\/\/(?!www\.w3\.org)/)
  })

  it('names only images that are there', async () => {
    const images = new Set([...css.matchAll(/url\("?([^")]+)"?\)/g)].map((match) => match[1] ?? ''))
    for (const image of images) expect([image, (await at(image)).status]).toEqual([image, 200])
  })
})
