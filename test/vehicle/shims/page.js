/** What the page's Chromium 108 lacks of the language; the page is built for the Chromium of today. */
import 'core-js/full/array';
import 'core-js/full/array-buffer';
import 'core-js/full/iterator';
import 'core-js/full/map';
import 'core-js/full/math/sum-precise';
import 'core-js/full/object/group-by';
import 'core-js/full/promise/try';
import 'core-js/full/promise/with-resolvers';
import 'core-js/full/regexp/escape';
import 'core-js/full/set';
import 'core-js/full/string/is-well-formed';
import 'core-js/full/string/to-well-formed';
import 'core-js/full/typed-array';
import 'core-js/full/url/can-parse';
import 'core-js/full/url/parse';
