/** The only registry of components for pages; .markdownlint-cli2.jsonc lists the same names. */
import MDXComponents from '@theme-original/MDXComponents';
import Step from './Step';
import Table from './Table';

export default { ...MDXComponents, Step, table: Table };
