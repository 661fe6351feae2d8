// The proposals of /admin/suggestions, to be accepted or rejected one by one. The token is held by this page alone and sent as a header,
// which no other site's page can have a browser do.
const [form, told, list] = ["login", "told", "proposals"].map((id) => document.getElementById(id));
let token = "";

const ask = async (body) => {
  const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
  const asked = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store" };
  const response = await fetch("/admin/suggestions", asked);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? response.statusText);
  return answer;
};

const element = (name, text, ...inside) => {
  const made = document.createElement(name);
  made.append(...(text ? [text] : []), ...inside);
  return made;
};

const count = ({ accepted, rejected }) => {
  told.textContent = `${list.children.length} shown, ${accepted} accepted, ${rejected} rejected`;
};

const row = (one) => {
  const item = element("li");
  const pair = { from: one.from.id, to: one.to.id };
  const button = (name, verdict) => {
    const made = element("button", name);
    made.type = "button";
    made.className = "btn";
    made.setAttribute("aria-label", `${name}: ${one.from.title} before ${one.to.title}`);
    made.addEventListener("click", async () => {
      try {
        const answer = await ask({ [verdict]: [pair] });
        const next = item.nextElementSibling ?? item.previousElementSibling;
        item.remove();
        next?.querySelector("button")?.focus();
        count(answer);
      } catch (error) {
        told.textContent = error.message;
      }
    });
    return made;
  };
  const percent = `${Math.round(one.confidence * 100)} %`;
  item.append(
    element("p", "", element("b", `${one.from.title} → ${one.to.title}`), ` ${percent}`),
    element("p", "", element("q", one.evidence.text), " ", element("code", `${one.evidence.file}:${one.evidence.line}`)),
    element("p", "", button("Accept", "accept"), " ", button("Reject", "reject")),
  );
  return item;
};

form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  token = new FormData(form).get("token");
  told.textContent = "…";
  try {
    const answer = await ask();
    form.hidden = true;
    list.replaceChildren(...answer.items.map(row));
    count(answer);
  } catch (error) {
    told.textContent = error.message;
  }
});
