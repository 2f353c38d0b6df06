"""What is wrong with a page that is open, found by the page itself."""

#: words that are cut off, lie on each other in the drawing, or make the page wider than the window
FAULTS = """() => {
    const faults = [];
    if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`page ${document.documentElement.scrollWidth} wide`);
    const shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
    for (const e of document.querySelectorAll("h1, h2, h3, p, label, output, button, summary, td, th, span, li")) {
        if (!shown(e) || e.closest(".scroll, select, svg, .skip")) continue;
        if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === "hidden") faults.push(`cut: ${e.textContent}`);
        const box = e.getBoundingClientRect();
        if (box.right > innerWidth + 1 && box.width > 0) faults.push(`outside: ${e.textContent}`);
        const card = e.closest(".card, .answer");
        if (card && box.right > card.getBoundingClientRect().right + 1) faults.push(`beyond its card: ${e.textContent}`);
    }
    const texts = [...document.querySelectorAll(".drawing text")].filter(shown).map((t) => [t, t.getBoundingClientRect()]);
    const frame = document.querySelector(".drawing")?.getBoundingClientRect();
    texts.forEach(([t, a], k) => {
        if (a.left < frame.left - 1 || a.right > frame.right + 1) faults.push(`out of the drawing: ${t.textContent}`);
        for (const [u, b] of texts.slice(k + 1)) {
            const [w, h] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
            if (w > 2 && h > 3) faults.push(`${t.textContent} on ${u.textContent}`);
        }
    });
    return faults;
}"""

#: reservoirs of the schematic without their name, beside it or below by number
NAMELESS = """async () => {
    const { table } = await import("./table.js");
    const { short } = await import("./drawing.js");
    const words = (text) => [...text.childNodes].map((c) => c.textContent).join(" ");
    const said = [...document.querySelectorAll(".drawing text")].map(words).join("\\n");
    const title = (name) => table.river.nodes.find((n) => n.name === name).title;
    return table.river.reservoirs.map((r) => short(title(r.name))).filter((name) => !said.includes(name));
}"""
