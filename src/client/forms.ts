/** The script of pages with a form to fill in. Other pages do not load it. */
import { watchForms } from './form';

watchForms();
