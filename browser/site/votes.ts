// Keeps a page of a vote true while it is open: the count, and a new page when a slot or the vote opens or closes.
const page = document.querySelector<HTMLElement>("[data-poll]");
if (page?.dataset.poll) {
  const stream = new EventSource(page.dataset.poll);
  stream.onmessage = ({ data }: MessageEvent<string>) => {
    const told = JSON.parse(data) as { round: number; state: string; slots: number; votes: number };
    for (const place of document.querySelectorAll("[data-poll-votes]")) {
      place.textContent = told.votes.toLocaleString("en");
    }
    const { pollState, pollSlots, pollRound } = page.dataset;
    if (told.state === pollState && `${told.slots}` === pollSlots && `${told.round}` === pollRound) return;
    const news = document.querySelector<HTMLElement>("[data-poll-news]");
    if (news && told.state === pollState && document.querySelector("input:checked")) {
      news.hidden = false; // who is about to choose is not disturbed
      return;
    }
    stream.close();
    location.reload();
  };
}
