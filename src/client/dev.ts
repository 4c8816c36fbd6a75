/** The authoring server's pages get the same script as the built ones, which load it without the framework. */
import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';

if (ExecutionEnvironment.canUseDOM && process.env.NODE_ENV === 'development') {
  addEventListener('load', async () => {
    await import('./page');
    await Promise.all([import('./search/results'), import('./procedure'), import('./forms')]);
  });
}
