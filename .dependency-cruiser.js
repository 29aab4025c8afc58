/**
 * Who may import whom. One rule for each layer: it names everything of ours that the layer may import, so whatever is
 * not named is refused.
 *
 * A feature is a folder of `src` that is none of lib, database, web, jobs, commands. A role may be one file (`rules.ts`),
 * several (`loan-rules.ts`) or a folder (`rules/dates.ts`).
 */

const notFeatures = '(?!(?:lib|database|web|jobs|commands)/)'
const feature = `src/${notFeatures}[^/]+`
const anyRole = 'routes|tasks|actions|form|rules|queries|presenter'

/** Simple on purpose: the tool refuses expressions that a long path could keep busy. */
const role = (name, folder = feature) => `^${folder}/.*\\b(?:${name})(?:[.]ts$|/)`
/** For the importing side: the first group is the feature, so that `own` can point back to it. */
const from = (name) => role(name, `src/(${notFeatures}[^/]+)`)
const own = (name) => role(name, 'src/$1')
/** Files of one's own feature that have none of the roles: tables of words, say. */
const ownPlain = `^src/$1/(?!.*\\b(?:${anyRole})(?:[.]ts$|/))`

const lib = '^src/lib/'
const config = '^src/config\\.ts$'
const database = '^src/database/'
const web = '^src/web/'
const jobs = '^src/jobs/'
const features = '^src/features\\.ts$'
const commands = '^src/commands/'

const ours = '^(?:src|seeds|migrations|test|bench|checks)/'

/** Everything of ours but the named is refused. */
const mayImport = (name, comment, path, pathNot, extra = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path, ...extra },
  to: { path: ours, pathNot },
})

/** The named may be imported for their types, which are gone when the program runs. */
const typesOnly = (name, comment, path, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path },
  to: { path: to, dependencyTypesNot: ['type-only'] },
})

const layers = [
  mayImport('lib-stands-alone', 'lib imports nothing of ours but lib', lib, [lib]),
  mayImport('config-stands-alone', 'config imports nothing of ours', config, ['^$']),
  mayImport('database-imports', 'database imports only lib, config and database', database, [lib, config, database]),
  mayImport('web-imports', 'web imports only lib, config, database and web', web, [lib, config, database, web]),
  mayImport('jobs-imports', 'jobs imports only lib, config, database and jobs', jobs, [lib, config, database, jobs]),
  mayImport('rules-imports', 'rules import only lib and rules', from('rules'), [lib, role('rules')]),
  mayImport('form-imports', 'a form imports only lib, rules and its own other forms', from('form'), [
    lib,
    role('rules'),
    own('form'),
    ownPlain,
  ]),
  mayImport(
    'queries-imports',
    'queries import only database, lib, other queries (who may see what is asked in one place) and types of rules',
    from('queries'),
    [database, lib, role('rules'), role('queries'), ownPlain],
  ),
  typesOnly('queries-take-types-of-rules', 'queries import rules for their types only', from('queries'), role('rules')),
  mayImport(
    'presenter-imports',
    'a presenter imports only rules, lib, its own presenters, and types of queries and of its own form',
    from('presenter'),
    [lib, role('rules'), role('queries'), own('presenter|form'), ownPlain],
  ),
  typesOnly(
    'presenter-takes-types-of-queries',
    'a presenter is given what was found: it imports queries and forms for their types only',
    from('presenter'),
    role('queries|form'),
  ),
  mayImport(
    'actions-imports',
    'actions import only queries, rules and actions of any feature, database, lib and types of their own form',
    from('actions'),
    [role('queries|rules|actions'), database, lib, own('form'), ownPlain],
  ),
  typesOnly(
    'actions-take-types-of-forms',
    'an action is given what a form made: commands, imports and jobs call it too, without a form',
    from('actions'),
    role('form'),
  ),
  mayImport(
    'routes-imports',
    'routes import only their own feature, web, lib, and queries, rules and actions of other features',
    from('routes'),
    ['^src/$1/', web, lib, role('queries|rules|actions')],
  ),
  mayImport(
    'tasks-imports',
    'tasks import only their own feature, jobs, database, lib, what a role may do, and queries, rules and actions of other features',
    from('tasks'),
    ['^src/$1/', jobs, database, lib, '^src/web/access\\.ts$', role('queries|rules|actions')],
  ),
  mayImport(
    'other-files-imports',
    'a file of a feature that has none of the roles imports only lib, rules and such files of its own feature',
    `^src/(${notFeatures}[^/]+)/`,
    [lib, role('rules'), ownPlain],
    { pathNot: role(anyRole) },
  ),
  mayImport('features-imports', 'features.ts lists routes and tasks, with web, jobs and lib to do so', features, [
    role('routes|tasks'),
    web,
    jobs,
    lib,
  ]),
  mayImport('app-imports', 'app.ts puts together web, features and what they are given', '^src/app\\.ts$', [
    web,
    database,
    config,
    lib,
    features,
  ]),
  mayImport(
    'commands-imports',
    'commands import only actions, queries, database, config, jobs, lib, features, web for its log, other commands and seeds',
    commands,
    [role('actions|queries'), database, config, jobs, '^src/web/log', lib, features, commands, '^seeds/'],
  ),
]

const entrances = [
  {
    name: 'only-features-imports-routes',
    comment:
      'src/features.ts is the list of what the service does: only it imports routes (a feature may split its own)',
    severity: 'error',
    from: { path: ours, pathNot: [features, role('routes'), '^test/'] },
    to: { path: role('routes') },
  },
  {
    name: 'server-is-imported-by-nothing',
    comment: 'src/server.ts starts a process: nothing imports it',
    severity: 'error',
    from: {},
    to: { path: '^src/server\\.ts$' },
  },
  {
    name: 'seeds-stay-outside',
    comment: 'made-up people and things come in by the server (on an empty demo database) and by commands only',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/server\\.ts$', commands] },
    to: { path: '^(?:seeds|test|bench|checks)/' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'a migration that imports our code changes when that code does',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { path: '^(?:src|seeds|test|bench)/', dependencyTypesNot: ['type-only'] },
  },
]

const libraries = [
  {
    name: 'rules-are-pure',
    comment: 'rules, forms, presenters and lib know no web server and no database',
    severity: 'error',
    from: { path: [role('rules|form|presenter'), lib] },
    to: { path: 'node_modules/(?:express|express-session|express-handlebars|kysely|pg|multer)/' },
  },
  {
    name: 'rules-read-nothing',
    comment: 'rules, forms and presenters are given what they need: they open no file, socket or process',
    severity: 'error',
    from: { path: role('rules|form|presenter') },
    to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?(?:buffer|url|util|assert)$' },
  },
  {
    name: 'queries-know-no-web',
    comment: 'queries and actions are called by routes, commands, imports and jobs alike: they know no request',
    severity: 'error',
    from: { path: role('queries|actions') },
    to: { path: 'node_modules/(?:express|express-session|express-handlebars|multer)/' },
  },
  {
    name: 'routes-hold-no-sql',
    comment: 'what is asked of the database has a name in queries or actions',
    severity: 'error',
    from: { path: role('routes') },
    to: { path: 'node_modules/(?:kysely|pg)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-what-is-installed-to-run',
    comment: 'the service runs without the tools it is built with',
    severity: 'error',
    from: { path: '^(?:src|migrations|seeds)/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
]

/** Where a process begins. */
const doors = ['^src/server\\.ts$', '^src/commands/[^/]+\\.ts$', '-worker\\.ts$']

const wholeness = [
  {
    name: 'no-cycles',
    comment: 'two files that need each other are one file, or a third is missing',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'imports-exist',
    comment: 'what is imported is there',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-orphans',
    comment: 'every file of src is reached from the server or from a command (a worker is an entrance of its own)',
    severity: 'error',
    from: { path: doors },
    to: { path: '^src/', pathNot: [...doors, '^src/database/schema\\.ts$'], reachable: false },
  },
]

export default {
  forbidden: [...layers, ...entrances, ...libraries, ...wholeness],
  options: {
    // TypeScript 7 has no JavaScript API. Left to choose, the tool finds no parser, reads nothing and is content.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default', 'types'] },
  },
}
