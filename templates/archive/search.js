// The search of a list: index.js and the rows of its parts are scripts, since a page that is opened from the disk may load nothing else.
(() => {
  const MOST = 200;
  const rows = [];
  const input = document.getElementById('words');
  const found = document.getElementById('found');
  const list = document.getElementById('rows');

  function load(src) {
    return new Promise(done => {
      const script = document.createElement('script');
      script.src = src;
      script.onload = script.onerror = done;
      document.head.append(script);
    });
  }

  /** Letters with marks are one character in some files' names, and two in others. */
  const plain = text => text.normalize('NFC').toLowerCase();

  /** What the address asks for after its `#`: as it is where it was not made for an address. */
  function asked() {
    const words = location.hash.slice(1);
    try {
      return decodeURIComponent(words);
    } catch {
      return words;
    }
  }

  window.refpostRows = (month, part) => {
    for (const row of part) {
      rows.push({ ...row, month, words: plain([row.subject, row.author, ...row.files].join('\n')) });
    }
  };

  window.refpostParts = async parts => {
    input.disabled = true;
    found.textContent = 'Loading…';
    await Promise.all(parts.map(({ month, end }) => load(`${month}/rows${end ? `-${end}` : ''}.js`)));
    rows.sort((a, b) => b.date - a.date || b.number - a.number);
    input.disabled = false;
    found.textContent = `${rows.length} messages`;
    input.addEventListener('input', show);
    input.form.addEventListener('submit', event => event.preventDefault());
    input.value = asked();
    if (input.value) show();
    input.focus();
  };

  function show() {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    const hits = wanted.length ? rows.filter(row => wanted.every(word => row.words.includes(word))) : [];
    found.textContent =
      hits.length > MOST ? `${hits.length} messages, the newest ${MOST} of them:` : `${hits.length} messages`;
    list.replaceChildren(
      ...hits.slice(0, MOST).map(({ month, id, subject, author, date }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = `${month}/${id}.html`;
        link.textContent = subject;
        const who = document.createElement('span');
        who.textContent = ` ${author}, ${new Date(date).toISOString().slice(0, 10)}`;
        item.append(link, who);
        return item;
      }),
    );
  }
})();
