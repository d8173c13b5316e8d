import DefaultTheme from 'vitepress/theme';
import { onMounted } from 'vue';
import './style.css';

export default {
  extends: DefaultTheme,
  setup() {
    onMounted(() =>
      new MutationObserver(correctSearch).observe(document.body, { childList: true, subtree: true }),
    );
  },
};

/**
 * Corrects the roles of the search box, which the theme calls a button that holds a list of options that hold links. It is a
 * dialog with a list of links, and the arrow keys move through the links as before.
 */
function correctSearch(): void {
  const box = document.querySelector('.VPLocalSearchBox');
  if (box === null) return;
  if (box.getAttribute('role') !== 'dialog') {
    for (const name of ['aria-expanded', 'aria-haspopup', 'aria-owns', 'aria-labelledby'])
      box.removeAttribute(name);
    box.setAttribute('role', 'dialog');
    box.setAttribute('aria-modal', 'true');
    box.setAttribute('aria-label', 'Search');
  }
  for (const element of box.querySelectorAll('[role="listbox"], [role="option"]'))
    element.removeAttribute('role');
  for (const element of box.querySelectorAll('[aria-selected]')) element.removeAttribute('aria-selected');
  for (const key of box.querySelectorAll('kbd[aria-label]')) key.setAttribute('role', 'img');
  for (const link of box.querySelectorAll('a.result[aria-label]')) link.removeAttribute('aria-label');
}
