import { dialectModules } from '../packages/gateway/src/dialects/index.ts';
import { dialectTests, errorCoverage } from '../packages/gateway/src/testing/error-coverage.ts';

/* Checks that every row of every dialect's error table is provoked over HTTP by a test, by its real cause (CONTRIBUTING.md). */
const catalogues = dialectModules.map(({ catalogue }) => catalogue);
const { missing, unknown } = errorCoverage(catalogues, dialectTests());
for (const row of missing) console.error(`no test provokes ${row}`);
for (const row of unknown) console.error(`a test names ${row}, which no table has`);
if (missing.length + unknown.length > 0) process.exit(1);
console.log('errors: every row of every table is provoked by a test');
