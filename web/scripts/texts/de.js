// German: each text by the English one that stands in the code, in the order of its modules.

import { errorSentences } from "../error-sentences.js";

export const sentences = errorSentences;

export const texts = {
  "Skimlist could not answer (error {0}). Try again in a minute.":
    "Skimlist konnte nicht antworten (Fehler {0}). Versuche es in einer Minute erneut.",
  "Skimlist is too busy at the moment. Try again in a minute.":
    "Skimlist ist gerade überlastet. Versuche es in einer Minute erneut.",
  "Skimlist refused the request (error {0}). Reload the page, then try again.":
    "Skimlist hat die Anfrage abgelehnt (Fehler {0}). Lade die Seite neu und versuche es erneut.",
  "The response from Skimlist was incomplete. Try again.":
    "Die Antwort von Skimlist war unvollständig. Versuche es erneut.",
  "Skimlist cannot be reached. Check your internet connection.":
    "Skimlist ist nicht erreichbar. Prüfe deine Internetverbindung.",
  Cancel: "Abbrechen",
  "less than {0}": "weniger als {0}",
  "Video at youtu.be/{0}": "Video unter youtu.be/{0}",
  "{0} bytes": "{0} Byte",
  video: "Video",
  playlist: "Playlist",
  duplicate: "doppelt",
  "not valid": "ungültig",
  "not a YouTube link": "kein YouTube-Link",
  "a page of playlists": "eine Seite mit Playlists",
  "duplicate of line {0}": "wie Zeile {0}",
  "Add a file of links": "Datei mit Links hinzufügen",
  "Checking the links …": "Die Links werden geprüft …",
  "The links could not be checked: {0}": "Die Links konnten nicht geprüft werden: {0}",
  "and {0} more": "und {0} weitere",
  "Line {0}": "Zeile {0}",
  text: "Text",
  "{0} is too large to be a list of links.": "{0} ist zu groß für eine Liste von Links.",
  "{0} of text ignored": "{0} Text ignoriert",
  "Nothing pasted yet.": "Noch nichts eingefügt.",
  "Watch on YouTube": "Auf YouTube ansehen",
  "The program is part of Skimlist’s source code. It needs Python and the package youtube-transcript-api, and asks for your password.":
    "Das Programm gehört zum Quelltext von Skimlist. Es braucht Python und das Paket youtube-transcript-api und fragt nach deinem Passwort.",
  "Copied.": "Kopiert.",
  "Previous place": "Vorherige Stelle",
  "Next place": "Nächste Stelle",
  "Not found": "Nicht gefunden",
  "Show what failed": "Fehlgeschlagene anzeigen",
  Summary: "Zusammenfassung",
  "Filter videos": "Videos filtern",
  "Search titles and summaries": "Titel und Zusammenfassungen durchsuchen",
  "Search key points, chapters and all other text too": "Auch Kernaussagen, Kapitel und den übrigen Text durchsuchen",
  "This takes longer.": "Das dauert länger.",
  "{0} found, {1} searched": "{0} gefunden, {1} durchsucht",
  "{0} of {1} searched": "{0} von {1} durchsucht",
  "The summaries were not all searched. {0}": "Es wurden nicht alle Zusammenfassungen durchsucht. {0}",
  "Videos without captions are tried again: {0}. You don’t need to do anything.":
    "Neuer Versuch für Videos ohne Untertitel: {0}. Du musst nichts tun.",
  "being summarized again; this is the earlier summary":
    "wird neu zusammengefasst; dies ist die frühere Zusammenfassung",
  "will be summarized again; this is the earlier summary":
    "wird noch einmal zusammengefasst; dies ist die frühere Zusammenfassung",
  "To be redone": "Wird wiederholt",
  "longer than expected": "länger als erwartet",
  "{0} working": "{0} in Arbeit",
  "{0} waiting": "{0} offen",
  "{0} waiting videos": { one: "{0} offenes Video", other: "{0} offene Videos" },
  "Move {0} to the top": "{0} ganz nach oben",
  "{0} videos that can’t be summarized": { one: "{0} nicht mögliches Video", other: "{0} nicht mögliche Videos" },
  "Add caption files": "Untertiteldateien hinzufügen",
  "Add caption file": "Untertiteldatei hinzufügen",
  "{0} of {1} match": "{0} von {1} gefunden",
  "Only the latest {0} are listed, without deleted ones.": "Aufgeführt sind nur die neuesten {0}, ohne gelöschte.",
  "new videos of {0}": "neue Videos von {0}",
  "Reading the captions": "Untertitel lesen",
  "Writing the summary": "Zusammenfassung schreiben",
  "in a few minutes": "in ein paar Minuten",
  "You can also drop the file here.": "Du kannst die Datei auch hierher ziehen.",
  "The summary is then made from the file, which may be .srt, .vtt, .txt or another caption format.":
    "Das Video wird dann aus der Datei zusammengefasst: .srt, .vtt, .txt oder ein anderes Untertitelformat.",
  "“{0}” still needs captions.": "„{0}“ braucht noch Untertitel.",
  "Add or drop their files all at once, each named after the ID in its video’s link: for “{0}”, {1}.":
    "Füge ihre Dateien alle auf einmal hinzu oder zieh sie hierher, jede benannt nach der ID im Link ihres Videos: für „{0}“ also {1}.",
  "Earlier videos": "Frühere Videos",
  "We’ll try again at {0}.": "Nächster Versuch: {0}.",
  "You don’t need to do anything.": "Du musst nichts tun.",
  "Skimlist continues automatically: {0}. You don’t need to do anything.":
    "Skimlist macht automatisch weiter: {0}. Du musst nichts tun.",
  "Raise the budget for the digest": "Budget für den Überblick erhöhen",
  "Raise the budget": "Budget erhöhen",
  "Raise the monthly budget": "Monatsbudget erhöhen",
  "Enter more than {0}": "Gib mehr als {0} ein",
  "New monthly budget in dollars": "Neues Budget je Monat in Dollar",
  "For all new videos of “{0}”; {1} is spent this month so far.":
    "Für alle neuen Videos von „{0}“; in diesem Monat sind bisher {1} ausgegeben.",
  "The budget is raised. The batch continues within a few minutes.":
    "Das Budget ist erhöht. Der Stapel läuft in einigen Minuten weiter.",
  "What you asked for": "Wonach du gefragt hast",
  "Key points": "Kernaussagen",
  "Key point": "Kernaussage",
  Chapter: "Kapitel",
  Chapters: "Kapitel",
  "{0} and {1} more": "{0} und {1} weitere",
  "Batch of {0}": "Stapel vom {0}",
  "{0} · new since {1}": "{0} · neu seit {1}",
  Draft: "Entwurf",
  Starting: "Startet",
  Running: "Läuft",
  Paused: "Pausiert",
  "Paused until {0}": "Pausiert bis {0}",
  Done: "Fertig",
  Failed: "Fehlgeschlagen",
  Cancelled: "Abgebrochen",
  Brief: "Kurz",
  "a paragraph and the main points": "ein Absatz und die Kernaussagen",
  Standard: "Standard",
  "about a page, with key points and chapters": "etwa eine Seite, mit Kernaussagen und Kapiteln",
  Detailed: "Ausführlich",
  "everything that matters": "alles Wesentliche",
  brief: "kurz",
  standard: "Standard",
  detailed: "ausführlich",
  Model: "Modell",
  Length: "Länge",
  "There is no such batch": "Diesen Stapel gibt es nicht",
  "It was deleted, it belongs to another account, or the address is mistyped.":
    "Er wurde gelöscht, gehört zu einem anderen Konto, oder die Adresse ist falsch geschrieben.",
  "Show more": "Mehr anzeigen",
  "Read them in one go, print them, or copy them.": "Lies sie am Stück, drucke sie oder kopiere sie.",
  Contents: "Inhalt",
  "Copy all {0} as Markdown": "Alle {0} als Markdown kopieren",
  "No video of this batch has a summary yet.": "Noch hat kein Video dieses Stapels eine Zusammenfassung.",
  "No summary matches.": "Keine Zusammenfassung gefunden.",
  "{0} copied.": "{0} kopiert.",
  "Selected summaries of “{0}”": "Ausgewählte Zusammenfassungen von „{0}“",
  "All summaries of “{0}”": "Alle Zusammenfassungen von „{0}“",
  "All videos": "Alle Videos",
  "Copy all as Markdown": "Alle als Markdown kopieren",
  "Print all": "Alle drucken",
  Commands: "Befehle",
  "Rename the batch": "Stapel umbenennen",
  Rename: "Umbenennen",
  Read: "Lesen",
  Pause: "Pausieren",
  Resume: "Fortsetzen",
  "Resume the batch": "Stapel fortsetzen",
  "Add videos": "Videos hinzufügen",
  "Check for new videos": "Nach neuen Videos suchen",
  Delete: "Löschen",
  "length: {0}": "Länge: {0}",
  "language: {0}": "Sprache: {0}",
  "budget {0}": "Budget {0}",
  "Resume with a higher budget": "Mit höherem Budget fortsetzen",
  "Retry with a higher budget": "Mit höherem Budget wiederholen",
  "Try again now": "Jetzt erneut versuchen",
  Name: "Name",
  "New budget in dollars": "Neues Budget in Dollar",
  "For the whole batch; {0} is spent so far.": "Für den ganzen Stapel; bisher sind {0} ausgegeben.",
  "No more videos will be started, but one that is under way may still be finished. You can still read and download all finished summaries.":
    "Es wird kein weiteres Video begonnen; eines, das schon läuft, wird vielleicht noch fertig. Alle fertigen Zusammenfassungen kannst du weiterhin lesen und herunterladen.",
  "Cancel this batch?": "Diesen Stapel abbrechen?",
  "Cancel the batch": "Stapel abbrechen",
  "Keep it running": "Weiterlaufen lassen",
  Links: "Links",
  "They will be summarized right away. Videos that are already in the batch are not added again.":
    "Sie werden gleich zusammengefasst. Videos, die schon im Stapel sind, werden nicht noch einmal hinzugefügt.",
  "They go to the end of the queue. Videos that are already in the batch are not added again.":
    "Sie kommen ans Ende der Warteschlange. Videos, die schon im Stapel sind, werden nicht noch einmal hinzugefügt.",
  "Added to the end of the queue; the playlists are being read.":
    "Ans Ende der Warteschlange gestellt; die Playlists werden gelesen.",
  "Added {0} to the end of the queue.": "{0} ans Ende der Warteschlange gestellt.",
  "Nothing was added: these videos are already in the batch.": "Nichts hinzugefügt: Diese Videos sind schon im Stapel.",
  "These videos have no captions, or they were deleted or are private. That rarely changes.":
    "Diese Videos haben keine Untertitel, wurden gelöscht oder sind privat. Daran ändert sich selten etwas.",
  "This video has no captions, or it was deleted or is private. That rarely changes.":
    "Dieses Video hat keine Untertitel, wurde gelöscht oder ist privat. Daran ändert sich selten etwas.",
  "Only those that a retry can help.": "Nur die, bei denen ein neuer Versuch helfen kann.",
  "{0} videos are being retried.": {
    one: "{0} Video wird wiederholt.",
    other: "{0} Videos werden wiederholt.",
  },
  "A retry would not help {0}.": "Bei {0} würde ein neuer Versuch nicht helfen.",
  "{0} others": { one: "{0} weiteren", other: "{0} weiteren" },
  "Retrying probably won’t help": "Ein neuer Versuch hilft wahrscheinlich nicht",
  "Retry {0} anyway": "{0} trotzdem wiederholen",
  "Don’t retry": "Nicht wiederholen",
  "“{0}” will be deleted with all its summaries and files. You can undo this for a few seconds.":
    "„{0}“ wird mit allen Zusammenfassungen und Dateien gelöscht. Einige Sekunden lang lässt sich das rückgängig machen.",
  "Delete this batch?": "Diesen Stapel löschen?",
  "Delete the batch": "Stapel löschen",
  "Keep it": "Behalten",
  "“{0}” was deleted.": "„{0}“ wurde gelöscht.",
  "“{0}” was restored.": "„{0}“ wurde wiederhergestellt.",
  More: "Mehr",
  Details: "Details",
  "Your batches will appear here. Paste links to start the first one.":
    "Hier erscheinen deine Stapel. Füge Links ein, um den ersten zu starten.",
  "{0} Trying again in a moment.": "{0} Neuer Versuch in Kürze.",
  "{0} failed": "{0} fehlgeschlagen",
  "The whole batch": "Der ganze Stapel",
  "You can close this tab; the batch continues without it.":
    "Du kannst diesen Tab schließen; der Stapel läuft ohne ihn weiter.",
  "Time left": "Restzeit",
  Cost: "Kosten",
  Tokens: "Tokens",
  Progress: "Fortschritt",
  "Reading the playlist …": "Die Playlist wird gelesen …",
  "{0} in, {1} out": "Eingabe {0}, Ausgabe {1}",
  "{0} done": "{0} fertig",
  "{0} left out": "{0} ausgelassen",
  "{0}, of {1}": "{0}, von {1}",
  "ended {0}": "beendet {0}",
  Took: "Dauer",
  "almost done": "gleich fertig",
  "Next try": "Nächster Versuch",
  "pauses at {0}": "pausiert bei {0}",
  "in about {0}": "in etwa {0}",
  now: "jetzt",
  "reused summaries saved {0}": "{0} gespart durch vorhandene Zusammenfassungen",
  "not known yet": "noch nicht bekannt",
  "about {0}": "etwa {0}",
  "done at {0}": "fertig um {0}",
  "of {0}": "von {0}",
  "saves {0}": "spart {0}",
  "no budget set": "kein Budget festgelegt",
  "{0} compared with the budget": "{0} im Vergleich zum Budget",
  "The current video": "Das aktuelle Video",
  "Video {0} of {1}": "Video {0} von {1}",
  "a file for each video, tables and an index": "eine Datei je Video, Tabellen und Verzeichnis",
  "everything in one document": "alles in einem Dokument",
  "for programs": "für Programme",
  "for spreadsheets": "für Tabellen",
  "About the batch": "Über den Stapel",
  Download: "Herunterladen",
  "Preparing the {0} file …": "Die {0}-Datei wird vorbereitet …",
  "{0}, {1}: the download has started.": "{0}, {1}: Der Download hat begonnen.",
  "Contains the summaries finished so far.": "Enthält die bisher fertigen Zusammenfassungen.",
  "Available as soon as the first video is done.": "Verfügbar, sobald das erste Video fertig ist.",
  Digest: "Überblick",
  "It will be written when the last video is done.": "Er wird geschrieben, wenn das letzte Video fertig ist.",
  "Playlists and channels": "Playlists und Kanäle",
  "Being read …": "Wird gelesen …",
  "{0} added": "{0} hinzugefügt",
  "{0} already in the batch": "{0} schon im Stapel",
  "{0} not available": "{0} nicht verfügbar",
  "{0} over the limit": "{0} über dem Limit",
  "YouTube does not list any more": "mehr zeigt YouTube nicht an",
  Batch: "Stapel",
  "Loading the models …": "Die Modelle werden geladen …",
  "Reload the models": "Modelle neu laden",
  "Start now": "Jetzt starten",
  "Check the cost first": "Erst die Kosten prüfen",
  "Save as draft": "Als Entwurf speichern",
  "Start {0}": "{0} starten",
  "{0} Nothing is lost: try again.": "{0} Es ist nichts verloren gegangen. Versuche es noch einmal.",
  "The model of this preset, {0}, is not available now.": "Das Modell dieser Vorlage, {0}, ist gerade nicht verfügbar.",
  Options: "Optionen",
  "More options": "Weitere Optionen",
  "Captions for {0}": "Untertitel für {0}",
  "Captions added for {0}.": "Untertitel für {0} hinzugefügt.",
  Description: "Beschreibung",
  "Description by the creator": "Beschreibung des Videos",
  "Language of the captions": "Sprache der Untertitel",
  "Let YouTube translate the captions": "Untertitel von YouTube übersetzen lassen",
  "Only for videos without captions in the language that you chose. Language models usually translate better than YouTube.":
    "Nur für Videos ohne Untertitel in der gewählten Sprache. Sprachmodelle übersetzen meist besser als YouTube.",
  "Search the transcript": "Transkript durchsuchen",
  "Search the description": "Beschreibung durchsuchen",
  "Such a summary is short, costs little, and says that it is based on the description only.":
    "Eine solche Zusammenfassung ist kurz, kostet wenig und weist darauf hin, dass sie nur auf der Beschreibung beruht.",
  "Summary and transcript": "Zusammenfassung und Transkript",
  "This model does not translate: each summary stays in the language of its captions. Choose another model, or let YouTube translate the captions (below).":
    "Dieses Modell übersetzt nicht: Jede Zusammenfassung bleibt in der Sprache ihrer Untertitel. Wähle ein anderes Modell, oder lass YouTube die Untertitel übersetzen (unten).",
  Transcript: "Transkript",
  "Use the description if there are no captions": "Ohne Untertitel die Beschreibung verwenden",
  "Use these captions": "Diese Untertitel verwenden",
  "from the description only": "nur aus der Beschreibung",
  "transcribed by your program": "von deinem Programm transkribiert",
  "{0} fits no video of this batch: its name contains none of their IDs.":
    "{0} passt zu keinem Video dieses Stapels: Der Name enthält keine ihrer IDs.",
  "{0} could not be uploaded. Try again.": "{0} konnte nicht hochgeladen werden. Versuche es noch einmal.",
  "{0} from the description only": "{0} nur aus der Beschreibung",
  "{0} is larger than 10 MB.": "{0} ist größer als 10 MB.",
  "{0} other batches": { one: "einem anderen Stapel", other: "{0} anderen Stapeln" },
  "Also in {0}": "Auch in {0}",
  "About {0}, going by the videos so far.": "Etwa {0}, nach den bisherigen Videos geschätzt.",
  "Add up to {0}": "Bis zu {0} hinzufügen",
  "Add {0}": "{0} hinzufügen",
  "Always in the video’s own language": "Immer in der Sprache des Videos",
  "Another language …": "Andere Sprache …",
  "At most about {0}, going by the videos so far.": "Höchstens etwa {0}, nach den bisherigen Videos geschätzt.",
  "Choose a language": "Sprache wählen",
  "Choose videos": "Videos auswählen",
  "Other language": "Andere Sprache",
  "Its name or code, such as Basque or eu.": "Name oder Kürzel, etwa Baskisch oder eu.",
  "No language has this name. Type its code, such as eu for Basque.":
    "Eine Sprache dieses Namens ist nicht bekannt. Gib ihr Kürzel ein, etwa eu für Baskisch.",
  "Follow a channel or playlist": "Kanal oder Playlist abonnieren",
  "Follow this channel or playlist": "Diesen Kanal oder diese Playlist abonnieren",
  "Link to a channel or playlist": "Link zu einem Kanal oder einer Playlist",
  "What you follow": "Deine Abos",
  "Change how you follow “{0}”": "Abo „{0}“ ändern",
  "Follow “{0}”": "„{0}“ abonnieren",
  "Free, like the videos so far.": "Kostenlos, wie die bisherigen Videos.",
  "If there are more since the last check, the newest are summarized.":
    "Sind es seit der letzten Prüfung mehr, werden die neuesten zusammengefasst.",
  "Its playlists cannot be read now, so this link will be left out.":
    "Die Playlists lassen sich gerade nicht lesen, deshalb wird dieser Link ausgelassen.",
  "Language, if the file name does not say": "Sprache, wenn der Dateiname sie nicht nennt",
  "Language of the summaries": "Sprache der Zusammenfassungen",
  "Fill in only what matters to you. New videos that do not match are left out.":
    "Fülle nur aus, was dir wichtig ist. Neue Videos, die nicht passen, werden ausgelassen.",
  "Fill in only what matters to you. Videos that do not match cost nothing, and you can put them back.":
    "Fülle nur aus, was dir wichtig ist. Videos, die nicht passen, kosten nichts, und du kannst sie zurückholen.",
  "Leave out videos that are already summarized": "Bereits zusammengefasste Videos auslassen",
  "Maximum length in minutes": "Höchstlänge in Minuten",
  "Minimum length in minutes": "Mindestlänge in Minuten",
  "Maximum number of videos": "Höchstzahl der Videos",
  "Maximum number of videos per check": "Höchstzahl der Videos je Prüfung",
  "Only some of the new videos": "Nur einige der neuen Videos",
  "Paste links to YouTube videos, playlists and channels, in any format.":
    "Füge Links zu YouTube-Videos, Playlists und Kanälen ein, in beliebiger Form.",
  "Skimlist checks it as often as you choose, and summarizes its new videos.":
    "Skimlist sieht dort nach, so oft du willst, und fasst neue Videos zusammen.",
  "Start up to {0}": "Bis zu {0} starten",
  "Same as the video": "Wie im Video",
  "Captions to read": "Verwendete Untertitel",
  "Chosen automatically": "Automatisch gewählt",
  "If there are more, the newest are summarized.": "Sind es mehr, werden die neuesten zusammengefasst.",
  "Apply to all playlists and channels": "Für alle Playlists und Kanäle übernehmen",
  "This is a page of playlists. Paste a link to one of them, or to the channel.":
    "Das ist eine Seite mit Playlists. Füge den Link einer Playlist oder den des Kanals ein.",
  "This is not a link to a channel or playlist. Copy one from the address bar of YouTube.":
    "Das ist kein Link zu einem Kanal oder einer Playlist. Kopiere einen aus der Adresszeile von YouTube.",
  "This link leads to a single video. Paste a link to its channel or to a playlist instead.":
    "Dieser Link führt zu einem einzelnen Video. Füge stattdessen den Link des Kanals oder einer Playlist ein.",
  "Title contains": "Titel enthält",
  "Title does not contain": "Titel enthält nicht",
  "Uploaded on or after": "Hochgeladen ab",
  "Uploaded on or before": "Hochgeladen bis",
  "Only videos that appear from now on are summarized.": "Zusammengefasst werden nur Videos, die ab jetzt erscheinen.",
  "Words or phrases, separated by commas. None of them may occur.":
    "Wörter oder Wendungen, durch Kommas getrennt. Keine davon darf vorkommen.",
  "Words or phrases, separated by commas. One of them is enough.":
    "Wörter oder Wendungen, durch Kommas getrennt. Eine davon genügt.",
  "You don’t follow any channel or playlist yet. Paste a link to one above.":
    "Du hast noch nichts abonniert. Füge oben den Link eines Kanals oder einer Playlist ein.",
  "at most {0}": "höchstens {0}",
  "none that are already summarized": "keine bereits zusammengefassten",
  "playlists to choose from": "Playlists zur Auswahl",
  "uploaded on or after {0}": "hochgeladen ab {0}",
  "uploaded on or before {0}": "hochgeladen bis {0}",
  "{0} to choose from": "{0} zur Auswahl",
  "{0}: choose below which to add": "{0}: unten die gewünschten auswählen",
  "{0} pages of playlists": { one: "{0} Seite mit Playlists", other: "{0} Seiten mit Playlists" },
  "Playlist, followed since {0}": "Playlist, abonniert seit {0}",
  "Channel, followed since {0}": "Kanal, abonniert seit {0}",
  "Topics to look for": "Gesuchte Themen",
  "Up to ten, separated by commas. Each summary reports what the video says about them.":
    "Bis zu zehn, durch Kommas getrennt. Jede Zusammenfassung berichtet, was das Video dazu sagt.",
  Instructions: "Anweisungen",
  "Anything else the model should do, in your own words.": "Was das Modell sonst noch tun soll, in deinen Worten.",
  "Link to moments in the video": "Auf Stellen im Video verlinken",
  "Key points and chapters link to their moment in the video.":
    "Kernaussagen und Kapitel führen zu ihrer Stelle im Video.",
  "“{0}”": "„{0}“",
  "{0} more": "{0} weitere",
  "Hardly any of these words were found in the captions.": "Kaum eines dieser Wörter kommt in den Untertiteln vor.",
  "{0} was not found in the captions.": "{0} war in den Untertiteln nicht zu finden.",
  "{0} were not found in the captions.": "{0} waren in den Untertiteln nicht zu finden.",
  "Hardly any of these words were found in the captions around {0}.":
    "Kaum eines dieser Wörter kommt in den Untertiteln um {0} vor.",
  "{0} was not found in the captions around {1}.": "{0} war in den Untertiteln um {1} nicht zu finden.",
  "{0} were not found in the captions around {1}.": "{0} waren in den Untertiteln um {1} nicht zu finden.",
  "Hardly any of these words were found in the captions of this chapter.":
    "Kaum eines dieser Wörter kommt in den Untertiteln dieses Kapitels vor.",
  "{0} was not found in the captions of this chapter.": "{0} war in den Untertiteln dieses Kapitels nicht zu finden.",
  "{0} were not found in the captions of this chapter.":
    "{0} waren in den Untertiteln dieses Kapitels nicht zu finden.",
  "Hardly any of these words are in the summaries of these videos. Check them in the videos.":
    "Kaum eines dieser Wörter steht in den Zusammenfassungen dieser Videos. Prüfe sie in den Videos selbst.",
  "The digest says {0}, but the summaries of these videos do not. Check it in the videos.":
    "Der Überblick nennt {0}, die Zusammenfassungen dieser Videos aber nicht. Prüfe es in den Videos selbst.",
  "Fix statements that are not in the captions": "Aussagen korrigieren, die nicht in den Untertiteln stehen",
  "The model looks at them again, and corrects or removes them if it can. This costs a second, shorter request.":
    "Das Modell prüft sie noch einmal und korrigiert oder streicht sie, wenn es kann. Das kostet eine zweite, kürzere Anfrage.",
  "Optional. If you leave it empty, the batch is named after its content.":
    "Optional. Ohne Namen heißt der Stapel nach seinem Inhalt.",
  "Budget in dollars": "Budget in Dollar",
  "Optional. The batch pauses before a video that would exceed it. Failed requests can add a little.":
    "Optional. Der Stapel pausiert vor einem Video, das es überschreiten würde. Durch fehlgeschlagene Anfragen kann es etwas mehr werden.",
  "Length of each summary": "Länge jeder Zusammenfassung",
  "Write a digest of the whole batch": "Einen Überblick über den ganzen Stapel schreiben lassen",
  "What the videos have in common, where they differ, and which to watch first.":
    "Was die Videos gemeinsam haben, worin sie sich unterscheiden und welches du dir zuerst ansehen solltest.",
  "What the videos have in common, and which to watch first.":
    "Was die Videos gemeinsam haben und welches du dir zuerst ansehen solltest.",
  "{0} that need an API key": "{0}, die einen API-Schlüssel brauchen",
  "How to store a key": "Wie man einen Schlüssel hinterlegt",
  "about {0} for 100 videos of an hour each": "etwa {0} für 100 Videos von je einer Stunde",
  "free, quotes the captions": "kostenlos, zitiert die Untertitel",
  "Go to “{0}”": "Zu „{0}“",
  "There is no digest": "Es gibt keinen Überblick",
  "There is no digest yet": "Es gibt noch keinen Überblick",
  "A digest is written after the last video, if you asked for one when you created the batch.":
    "Ein Überblick entsteht nach dem letzten Video, wenn du ihn beim Anlegen des Stapels ausgewählt hast.",
  "The digest covers {0}. It will be rewritten when the others are done.":
    "Der Überblick umfasst {0}. Er wird neu geschrieben, sobald die übrigen fertig sind.",
  "The digest covers {0} and could not be rewritten: {1}":
    "Der Überblick umfasst {0} und konnte nicht neu geschrieben werden: {1}",
  "The digest covers {0}. Retry the batch to rewrite the digest.":
    "Der Überblick umfasst {0}. Wiederhole den Stapel, damit ein neuer entsteht.",
  "The digest covers {0}. Retry the batch to summarize the others and rewrite the digest.":
    "Der Überblick umfasst {0}. Wiederhole den Stapel, damit auch die übrigen zusammengefasst werden und ein neuer entsteht.",
  "Digest of {0}": "Überblick über {0}",
  "Digest of {0} of {1}": "Überblick über {0} von {1}",
  "Quotations from {0}": "Zitate aus {0}",
  "Quotations from {0} of {1}": "Zitate aus {0} von {1}",
  "{0} new videos": { one: "{0} neues Video", other: "{0} neue Videos" },
  "Compared with {0}": "Verglichen mit {0}",
  "From each video": "Aus jedem Video",
  "In the new video": "Im neuen Video",
  "Across the new videos": "Die neuen Videos untereinander",
  "What the video says.": "Was das Video sagt.",
  "What the video says, word for word.": "Was das Video sagt, im Wortlaut.",
  "What the videos say, word for word. The headings are words that they share or that stand out.":
    "Was die Videos sagen, im Wortlaut. Die Überschriften sind Wörter, die sie gemeinsam haben oder die auffallen.",
  "A typical sentence from each video, word for word. The headings are words that stand out.":
    "Aus jedem Video ein typischer Satz im Wortlaut. Die Überschriften sind Wörter, die auffallen.",
  "Several videos speak of: {0}.": "Darum geht es in mehreren Videos: {0}.",
  "{0} earlier videos": { one: "{0} früheren Video", other: "{0} früheren Videos" },
  "Compared by shared words with the summaries of {0}; contradictions are not detected.":
    "Anhand gemeinsamer Wörter mit den Zusammenfassungen von {0} verglichen; Widersprüche werden dabei nicht erkannt.",
  "What the videos have in common, and what each of them says.":
    "Was die Videos gemeinsam haben und was jedes von ihnen sagt.",
  "New compared with earlier videos": "Neu gegenüber früheren Videos",
  "Not mentioned in earlier videos": "In früheren Videos nicht erwähnt",
  "New subjects": "Neue Themen",
  "Goes beyond earlier videos": "Geht über frühere Videos hinaus",
  "More on subjects of earlier videos": "Mehr zu Themen früherer Videos",
  "Contradicts earlier videos": "Widerspricht früheren Videos",
  Now: "Jetzt",
  Before: "Früher",
  "Also in": "Auch in",
  "Said before in": "Früher gesagt in",
  Themes: "Themen",
  "What each video is about": "Worum es in jedem Video geht",
  "What several videos say": "Was mehrere Videos sagen",
  "Where they differ": "Worin sie sich unterscheiden",
  "What to watch first": "Was du dir zuerst ansehen solltest",
  "Said in": "Gesagt in",
  "Watch from {0}": "Ab {0} ansehen",
  "Notify me when it is done": "Benachrichtige mich, wenn er fertig ist",
  "You will get a notification when it is done, as long as this tab stays open.":
    "Du bekommst eine Benachrichtigung, wenn er fertig ist, solange dieser Tab offen bleibt.",
  "The browser does not allow notifications for this page.":
    "Der Browser erlaubt für diese Seite keine Benachrichtigungen.",
  "Done: {0}": "Fertig: {0}",
  "Page not found": "Seite nicht gefunden",
  "The link may be incomplete, or the page was deleted.":
    "Vielleicht ist der Link unvollständig, oder die Seite wurde gelöscht.",
  "Go to your batches": "Zu deinen Stapeln",
  "Go to your summaries": "Zu deinen Zusammenfassungen",
  "This can’t be shown right now": "Das lässt sich gerade nicht anzeigen",
  "Try again": "Erneut versuchen",
  "Time and cost of each video": "Zeit und Kosten je Video",
  "Cost: none.": "Kosten: keine.",
  Time: "Zeit",
  "{0}: {1} in total, {2} in the median, {3} at most.": "{0}: zusammen {1}, im Median {2}, höchstens {3}.",
  "Videos {0} to {1}, on average": "Videos {0} bis {1}, im Durchschnitt",
  "Searching …": "Wird gesucht …",
  "This list is too long to be printed whole: only the videos around those on the screen are here. The download has all.":
    "Diese Liste ist zu lang, um ganz gedruckt zu werden: Hier stehen nur die Videos rund um die sichtbaren. Der Download enthält alle.",
  "The latest {0}": "Die neuesten {0}",
  "Every summary you have, from all batches, newest first.":
    "Alle deine Zusammenfassungen aus allen Stapeln, die neuesten zuerst.",
  "{0} found": "{0} gefunden",
  "{0} found so far": "Bisher {0} gefunden",
  "Nothing found. Try other words.": "Nichts gefunden. Versuche andere Wörter.",
  "No summaries yet. Every summary you make is listed here, whichever batch it belongs to.":
    "Noch keine Zusammenfassungen. Hier erscheinen später alle, egal aus welchem Stapel.",
  "Title, channel, tag, first lines, or video ID": "Titel, Kanal, Schlagwort, erste Zeilen oder Video-ID",
  "Summarized from": "Zusammengefasst ab",
  "Summarized until": "Zusammengefasst bis",
  Search: "Suchen",
  "Summarize videos": "Videos zusammenfassen",
  "Your batches": "Deine Stapel",
  "Add videos straight from YouTube": "Videos direkt von YouTube hinzufügen",
  "On a computer, drag {0} to your bookmarks bar. Click it there while a video or playlist is open on YouTube: its link is filled in here.":
    "Zieh am Computer {0} in deine Lesezeichenleiste. Klicke dort darauf, während auf YouTube ein Video oder eine Playlist offen ist: Der Link wird hier eingetragen.",
  "If you cannot drag it, make a bookmark with this address:":
    "Falls du es nicht ziehen kannst, lege ein Lesezeichen mit dieser Adresse an:",
  "On an Android phone, install this page from the menu of your browser, then share videos with Skimlist.":
    "Installiere auf einem Android-Handy diese Seite über das Menü des Browsers und teile dann Videos mit Skimlist.",
  "Links are only filled in; nothing starts by itself.": "Die Links werden nur eingetragen; von selbst startet nichts.",
  "Add to Skimlist": "Zu Skimlist hinzufügen",
  "Drag this button to your bookmarks bar.": "Zieh diese Schaltfläche in deine Lesezeichenleiste.",
  Previous: "Vorheriges",
  Next: "Nächstes",
  Video: "Video",
  "Remove the star": "Stern entfernen",
  Star: "Stern setzen",
  "There is no such video in this batch": "Dieses Video gibt es in diesem Stapel nicht",
  "The summary can’t be shown right now": "Die Zusammenfassung lässt sich gerade nicht anzeigen",
  "Retry anyway": "Trotzdem wiederholen",
  "Earlier attempts": "Frühere Versuche",
  "This video is being processed. Its summary appears here as soon as it is done.":
    "Dieses Video wird gerade bearbeitet. Seine Zusammenfassung erscheint hier, sobald sie fertig ist.",
  "This video was left out of the batch.": "Dieses Video wurde ausgelassen.",
  "This video is number {0} of {1} in the queue.": "Dieses Video ist Nummer {0} von {1} in der Warteschlange.",
  "The batch is paused: {0}": "Der Stapel ist pausiert: {0}",
  "The batch is waiting: {0}": "Der Stapel wartet: {0}",
  "The video is being summarized again. Until that is done, this is the earlier summary.":
    "Das Video wird gerade neu zusammengefasst. Bis dahin steht hier die frühere Zusammenfassung.",
  "The video will be summarized again. Until then, this is the earlier summary.":
    "Das Video wird noch einmal zusammengefasst. Bis dahin steht hier die frühere Zusammenfassung.",
  "Open on YouTube": "Auf YouTube öffnen",
  "Player: {0}": "Player: {0}",
  "Close the player": "Player schließen",
  "From {0}": "Ab {0}",
  "Before the start": "Vor dem Start",
  "Videos checked": "Geprüfte Videos",
  "There are no new videos": "Es gibt keine neuen Videos",
  "The playlists contain nothing new. You can delete this draft.":
    "Die Playlists enthalten nichts Neues. Du kannst diesen Entwurf löschen.",
  "Change the settings": "Einstellungen ändern",
  "To continue now, change the model.": "Ändere das Modell, damit es gleich weitergeht.",
  "Then resume or retry the batch.": "Setze dann den Stapel fort oder wiederhole ihn.",
  "A draft of {0}": "Ein Entwurf mit {0}",
  "You pay nothing until you start. Checking is free: it reads the captions and shows the length, language and cost of each video.":
    "Bis zum Start bezahlst du nichts. Die Prüfung ist kostenlos: Sie liest die Untertitel und zeigt Länge, Sprache und Kosten jedes Videos.",
  "{0} of {1} can be summarized": "Zusammenfassung möglich für {0} von {1}",
  "{0} videos cannot be summarized": {
    one: "{0} Video lässt sich nicht zusammenfassen",
    other: "{0} Videos lassen sich nicht zusammenfassen",
  },
  "{0} of {1}": "{0} von {1}",
  "Checking: {0} of {1}": "Prüfung: {0} von {1}",
  "Checked: {0}": "Geprüft: {0}",
  "The check stopped after {0}": "Die Prüfung endete nach {0}",
  "Total length": "Gesamtlänge",
  "Ready in about": "Fertig in etwa",
  "Costs about": "Kostet etwa",
  Reused: "Wiederverwendet",
  "Left out": "Ausgelassen",
  "The summaries cost about {0}, which is {1} above your budget of {2}; the batch will pause when it is used up.":
    "Die Zusammenfassungen kosten etwa {0}, also {1} mehr als dein Budget von {2}; der Stapel pausiert, wenn es aufgebraucht ist.",
  "You can start at any time.": "Du kannst jederzeit starten.",
  "Raise the budget, or leave out some of the videos.": "Erhöhe das Budget, oder lass einige Videos aus.",
  "Reorder the videos, leave out what you don’t want, then start.":
    "Ordne die Videos, lass aus, was du nicht willst, und starte dann.",
  "Totals of the videos that were checked": "Summen der geprüften Videos",
  Preset: "Vorlage",
  "Delete the preset “{0}”": "Vorlage „{0}“ löschen",
  "Save as preset…": "Als Vorlage speichern …",
  "Save as preset": "Als Vorlage speichern",
  none: "keine",
  "A preset stores the model, the length and the options, but no links. It replaces a preset of the same name.":
    "Eine Vorlage speichert Modell, Länge und Optionen, aber keine Links. Sie ersetzt eine Vorlage mit demselben Namen.",
  "Save notification settings": "Benachrichtigungen speichern",
  "Save the preset": "Vorlage speichern",
  "Save the changes": "Änderungen speichern",
  "“{0}” was saved.": "„{0}“ wurde gespeichert.",
  Unread: "Ungelesen",
  Starred: "Mit Stern",
  Working: "In Arbeit",
  Waiting: "Wartet",
  "Queue order": "Wie in der Warteschlange",
  "Longest first": "Längste zuerst",
  "By channel": "Nach Kanal",
  "Most expensive first": "Teuerste zuerst",
  "By status": "Nach Status",
  Status: "Status",
  Order: "Sortierung",
  "Expand all": "Alle aufklappen",
  "Show all": "Alle anzeigen",
  "Jump to the current one": "Zum aktuellen springen",
  "Tag {0}: show other videos too": "Schlagwort {0}: auch andere Videos anzeigen",
  "Any status": "Alle",
  "“{0}” is no longer waiting, so it cannot be moved.":
    "„{0}“ wartet nicht mehr und kann deshalb nicht verschoben werden.",
  "It cannot move there.": "Dorthin kann es nicht verschoben werden.",
  "{0} is now at position {1}.": "{0} steht jetzt an Position {1}.",
  "The queue changed in the meantime. This is its current order; please move the video again.":
    "Die Warteschlange hat sich inzwischen geändert. So sieht sie jetzt aus; verschiebe das Video bitte noch einmal.",
  "Move to a position": "An eine Position verschieben",
  Position: "Position",
  "From 1 to {0}; it is at {1} now.": "Von 1 bis {0}; jetzt ist es an {1}.",
  Move: "Verschieben",
  "“{0}” was left out.": "„{0}“ wurde ausgelassen.",
  "{0} is back.": "{0} ist wieder da.",
  "Summarize it again": "Noch einmal zusammenfassen",
  "This asks the model again, at its usual price. You keep the current summary until the new one is ready.":
    "Das Modell wird noch einmal gefragt, zum üblichen Preis. Die jetzige Zusammenfassung bleibt, bis die neue da ist.",
  "Summarize again": "Noch einmal zusammenfassen",
  "Summarize again…": "Noch einmal zusammenfassen …",
  "Put back": "Zurückholen",
  "Move up": "Nach oben",
  "Move down": "Nach unten",
  "Move to a position…": "An eine Position verschieben …",
  "Leave it out": "Auslassen",
  "Keep the current summary": "Die jetzige Zusammenfassung behalten",
  "{0} keeps its current summary.": "{0} behält die jetzige Zusammenfassung.",
  "The video": "Das Video",
  "Go to its batch": "Zum Stapel",
  "Summary not found": "Diese Zusammenfassung gibt es nicht",
  "It was deleted with its batch, or it belongs to another account.":
    "Sie wurde mit ihrem Stapel gelöscht oder gehört zu einem anderen Konto.",
  "captions by the creator": "Untertitel vom Kanal",
  "captions that you uploaded": "von dir hochgeladene Untertitel",
  "automatic captions": "automatische Untertitel",
  "translated captions": "übersetzte Untertitel",
  "Copy as Markdown": "Als Markdown kopieren",
  "Summary copied.": "Zusammenfassung kopiert.",
  "The browser did not let the page use the clipboard; download the summary instead.":
    "Der Browser hat der Seite den Zugriff auf die Zwischenablage verweigert. Lade die Zusammenfassung stattdessen herunter.",
  "The video does not mention it.": "Das Video erwähnt es nicht.",
  "Made from {0} of the transcript’s {1} characters.": "Erstellt aus {0} von {1} Zeichen des Transkripts.",
  "The summary may leave out what is said between {0} and {1}.":
    "Was zwischen {0} und {1} gesagt wird, fehlt vielleicht in der Zusammenfassung.",
  "{0} tokens": "{0} Tokens",
  Tags: "Schlagwörter",
  "Videos in their order": "Videos in ihrer Reihenfolge",
  Videos: "Videos",
  "Drag {0} to reorder.": "Zum Umordnen an {0} ziehen.",
  "Press {0} for keyboard shortcuts.": "Die Taste {0} zeigt die Tastenkürzel.",
  "Not all summaries are on this paper, because the page had not loaded the others yet. “Print all” loads them first.":
    "Auf diesem Papier fehlen Zusammenfassungen, die noch nicht geladen waren. „Alle drucken“ lädt sie vorher.",
  "One moment …": "Einen Moment …",
  "Mark as read": "Als gelesen markieren",
  "Mark as unread": "Als ungelesen markieren",
  "Read the summary": "Zusammenfassung lesen",
  "Show details": "Details anzeigen",
  "No videos": "Keine Videos",
  "No videos match “{0}”.": "Keine Videos zu „{0}“ gefunden.",
  "No videos match.": "Keine Videos gefunden.",
  "Not possible": "Nicht möglich",
  "{0} cannot be summarized": {
    one: "{0} lässt sich nicht zusammenfassen",
    other: "{0} lassen sich nicht zusammenfassen",
  },
  "Drag to reorder": "Zum Umordnen ziehen",
  "Unread:": "Ungelesen:",
  starred: "mit Stern",
  Retry: "Wiederholen",
  "Retry failed videos": "Fehlgeschlagene wiederholen",
  "Retry {0}": "{0} wiederholen",
  "More about {0}": "Mehr zu {0}",
  "Summarizing it again failed.": "Die neue Zusammenfassung ist fehlgeschlagen.",
  "title not known yet": "Titel noch unbekannt",
  "{0} videos here still need captions.": {
    one: "{0} Video hier braucht noch Untertitel.",
    other: "{0} Videos hier brauchen noch Untertitel.",
  },
  "{0} to check": "{0} zu prüfen",
  took: "dauerte",
  cost: "kostete",
  free: "kostenlos",
  "{0}, translated": "{0}, übersetzt",
  "not checked": "nicht geprüft",
  "reused, free": "wiederverwendet, kostenlos",
  "Key sentences only": "Nur Schlüsselsätze",
  "Select all": "Alle auswählen",
  "Move to the top": "Ganz nach oben",
  "Leave out": "Auslassen",
  "Stop selecting": "Auswahl beenden",
  "Selected videos": "Ausgewählte Videos",
  "{0} selected": "{0} ausgewählt",
  Select: "Auswählen",
  "Select {0}": "{0} auswählen",
  "search the videos of a batch": "die Videos eines Stapels durchsuchen",
  "move through the videos": "durch die Videos gehen",
  "open a video": "ein Video öffnen",
  "select videos": "Videos auswählen",
  "move a waiting video": "ein wartendes Video verschieben",
  "leave a waiting video out": "ein wartendes Video auslassen",
  "next or previous summary": "nächste oder vorige Zusammenfassung",
  "star the summary": "die Zusammenfassung mit einem Stern versehen",
  "mark the summary as read or unread": "die Zusammenfassung als gelesen oder ungelesen markieren",
  "back to all videos": "zurück zu allen Videos",
  "show this list": "diese Liste anzeigen",
  "Keyboard shortcuts": "Tastenkürzel",
  Enter: "Eingabe",
  Space: "Leertaste",
  Del: "Entf",
  "A batch is done": "Ein Stapel ist fertig",
  "Videos of a channel or playlist that you follow have been summarized": "Neue Videos aus einem Abo sind zusammengefasst",
  "Can also be turned off for a single channel or playlist.": "Lässt sich auch für einzelne Abos abschalten.",
  "A batch has paused": "Ein Stapel ist pausiert",
  "Also when a channel or playlist you follow can no longer be read, or its budget is used up.":
    "Auch wenn sich ein abonnierter Kanal oder eine Playlist nicht mehr lesen lässt oder das Budget dafür aufgebraucht ist.",
  "A batch has failed": "Ein Stapel ist fehlgeschlagen",
  "Waiting for confirmation: AWS has sent a message to this address. Save again to get another one.":
    "Wartet auf Bestätigung: AWS hat eine Nachricht an diese Adresse gesendet. Speichere noch einmal, um eine neue zu bekommen.",
  Confirmed: "Bestätigt",
  "No longer subscribed. Save again to get a new confirmation message.":
    "Nicht mehr angemeldet. Speichere noch einmal, um eine neue Bestätigungsnachricht zu bekommen.",
  Notifications: "Benachrichtigungen",
  Spending: "Ausgaben",
  "Spending on models": "Ausgaben für Modelle",
  "Your notification settings were saved.": "Deine Benachrichtigungen wurden gespeichert.",
  "Email to {0}": "E-Mail an {0}",
  "Your address is not verified yet. Ask your administrator to verify it.":
    "Deine Adresse ist noch nicht bestätigt. Bitte deinen Administrator darum.",
  Webhook: "Webhook",
  "Optional, for a program of your own: an https:// address to which each notification is sent.":
    "Optional, für ein eigenes Programm: eine https://-Adresse, an die jede Benachrichtigung geht.",
  "Notify me when": "Benachrichtige mich bei diesen Ereignissen",
  Follow: "Abonnieren",
  "Every hour": "Stündlich",
  "Every day": "Täglich",
  "Every week": "Wöchentlich",
  Monday: "Montag",
  Tuesday: "Dienstag",
  Wednesday: "Mittwoch",
  Thursday: "Donnerstag",
  Friday: "Freitag",
  Saturday: "Samstag",
  Sunday: "Sonntag",
  Day: "Tag",
  "Time of day": "Uhrzeit",
  "Your local time.": "Deine Ortszeit.",
  "To be notified, first choose email or a webhook under {0}.":
    "Wähle dafür zuerst E-Mail oder einen Webhook unter {0}.",
  "Budget per check, in dollars": "Budget pro Prüfung, in Dollar",
  "Optional.": "Optional.",
  "Budget per month, in dollars": "Budget pro Monat, in Dollar",
  "Optional. When it is not enough for the next video, new videos wait for the next month.":
    "Optional. Reicht es nicht für das nächste Video, warten neue Videos bis zum nächsten Monat.",
  "Notify me about new videos": "Über neue Videos benachrichtigen",
  "By email or webhook, as chosen under Settings.": "Per E-Mail oder Webhook, wie in den Einstellungen gewählt.",
  "New videos will be summarized from now on.": "Neue Videos werden ab jetzt zusammengefasst.",
  Change: "Ändern",
  "Stop following": "Abo beenden",
  "RSS feed": "RSS-Feed",
  "RSS feed for “{0}”": "RSS-Feed für „{0}“",
  "A feed reader can show you each new summary beside your other news. It needs a link; anyone who has the link can read the summaries without signing in.":
    "Ein Feedreader kann dir jede neue Zusammenfassung neben deinen anderen Nachrichten zeigen. Dafür braucht er einen Link; wer ihn hat, kann die Zusammenfassungen ohne Anmeldung lesen.",
  "You made a link ({0}). It cannot be shown again. If you make a new one, the old one stops working.":
    "Du hast einen Link erstellt ({0}). Er lässt sich nicht noch einmal zeigen. Erstellst du einen neuen, gilt der alte nicht mehr.",
  "RSS feed link": "Link zum RSS-Feed",
  "Copy it now: it is shown only once.": "Kopiere ihn jetzt: Er wird nur einmal gezeigt.",
  "Make a link": "Link erstellen",
  "Make a new link": "Neuen Link erstellen",
  "Revoke the link": "Link widerrufen",
  Copy: "Kopieren",
  "The link was revoked.": "Der Link wurde widerrufen.",
  "You no longer follow “{0}”. Its summaries stay.": "Das Abo „{0}“ ist beendet. Seine Zusammenfassungen bleiben.",
  "You follow “{0}” again.": "„{0}“ ist wieder abonniert.",
  "every {0} at {1}": "jeden {0} um {1}",
  "every day at {0}": "täglich um {0}",
  "every hour": "stündlich",
  Checked: "Prüfung",
  "Budget per check": "Budget pro Prüfung",
  Summarized: "Auswahl",
  "all new videos": "alle neuen Videos",
  "Spent this month": "Diesen Monat",
  "Next check": "Nächste Prüfung",
  "{0} batches": { one: "{0} Stapel", other: "{0} Stapel" },
  "Waiting for captions": "Warten auf Untertitel",
  "Last new videos": "Zuletzt neue Videos",
  "none so far": "bisher keine",
  Models: "Modelle",
  ready: "bereit",
  "{0} per million tokens read, {1} written": "{0} je Million gelesener Tokens, {1} je Million geschriebener",
  "not set up": "nicht eingerichtet",
  "Needs a key": "braucht einen Schlüssel",
  "This model needs no key": "Dieses Modell braucht keinen Schlüssel",
  "{0} needs a key": "{0} braucht einen Schlüssel",
  "{0} needs a valid key": "{0} braucht einen gültigen Schlüssel",
  "Ask your administrator to store its key, which is a kind of password from the model’s provider. Send them the address of this page:":
    "Bitte deinen Administrator, den Schlüssel zu hinterlegen, eine Art Passwort vom Anbieter des Modells. Schicke ihm die Adresse dieser Seite:",
  "Until then, use another model.": "Verwende bis dahin ein anderes Modell.",
  "If you are the administrator": "Wenn du der Administrator bist",
  "Skimlist runs on your computer": "Skimlist läuft auf deinem Rechner",
  "Skimlist runs on AWS": "Skimlist läuft auf AWS",
  "Get a key from the model’s provider.": "Hole dir einen Schlüssel vom Anbieter des Modells.",
  "Add this line to the file .env in Skimlist’s folder, with the key in place of the dots:":
    "Schreibe diese Zeile in die Datei .env im Ordner von Skimlist, mit dem Schlüssel anstelle der Punkte:",
  "Start Skimlist again.": "Starte Skimlist neu.",
  "Run this command in a terminal, with the key in place of the dots. Batches use the key from then on.":
    "Führe diesen Befehl in einem Terminal aus, mit dem Schlüssel anstelle der Punkte. Von da an verwenden Stapel den Schlüssel.",
  "Your spending today": "Deine Ausgaben heute",
  "Your spending this month": "Deine Ausgaben diesen Monat",
  "Limit for all users together": "Limit für alle zusammen",
  "{0} a month": "{0} im Monat",
  "Skimlist can tell you when a batch is done or needs you, and what is new in what you follow.":
    "Skimlist kann dir sagen, wenn ein Stapel fertig ist oder dich braucht, und was es in deinen Abos Neues gibt.",
  "Daily limit resets": "Tageslimit beginnt neu",
  "Monthly limit resets": "Monatslimit beginnt neu",
  "Compare models": "Modelle vergleichen",
  "Finish the rest with another model": "Den Rest mit einem anderen Modell zusammenfassen",
  "Use this model": "Dieses Modell verwenden",
  "over your budget of {0}": "über deinem Budget von {0}",
  "For {0}, based on their captions.": "Für {0}, auf Grundlage ihrer Untertitel.",
  "For the {0} left, based on the finished ones.": "Für die restlichen {0}, auf Grundlage der fertigen.",
  "Prices will be known once videos have been checked or summarized.":
    "Die Preise sind bekannt, sobald Videos geprüft oder zusammengefasst sind.",
  "Change the model": "Modell ändern",
  "{0} links cannot be used": { one: "{0} Link ist unbrauchbar", other: "{0} Links sind unbrauchbar" },
  "{0} duplicates will be left out": {
    one: "{0} doppelter Link wird ausgelassen",
    other: "{0} doppelte Links werden ausgelassen",
  },
  "{0} single videos": { one: "{0} einzelnes Video", other: "{0} einzelne Videos" },
  "{0} links": { one: "{0} Link", other: "{0} Links" },
  "{0} videos": { one: "{0} Video", other: "{0} Videos" },
  "{0} channels": { one: "{0} Kanal", other: "{0} Kanäle" },
  "{0} playlists": { one: "{0} Playlist", other: "{0} Playlists" },
  "{0} lines": { one: "{0} Zeile", other: "{0} Zeilen" },
  "{0} summaries": { one: "{0} Zusammenfassung", other: "{0} Zusammenfassungen" },
  "To check": "Zu prüfen",
  "not found in the captions": "nicht in den Untertiteln gefunden",
  "{0} more models": { one: "{0} weiteres Modell", other: "{0} weitere Modelle" },
  "{0} videos had already begun and were not left out.": {
    one: "{0} Video hatte schon begonnen und wurde nicht ausgelassen.",
    other: "{0} Videos hatten schon begonnen und wurden nicht ausgelassen.",
  },
  "{0} videos were left out.": { one: "{0} Video wurde ausgelassen.", other: "{0} Videos wurden ausgelassen." },
  "{0} videos are back.": { one: "{0} Video ist wieder da.", other: "{0} Videos sind wieder da." },
  "{0} statements": { one: "{0} Aussage", other: "{0} Aussagen" },
  "Stays in the list, but no longer counts as failed.":
    "Bleibt in der Liste, zählt aber nicht mehr als fehlgeschlagen.",
  "Leave out {0}": "{0} auslassen",
  "{0} failed videos": { one: "{0} fehlgeschlagenes Video", other: "{0} fehlgeschlagene Videos" },
  "Add the whole playlist, not only the video in line {0}":
    "Die ganze Playlist hinzufügen, nicht nur das Video in Zeile {0}",
  "Add the whole playlists, not only the videos in lines {0}":
    "Die ganzen Playlists hinzufügen, nicht nur die Videos in den Zeilen {0}",
  "Add the whole playlists, not only the videos in {0} lines":
    "Die ganzen Playlists hinzufügen, nicht nur die Videos in {0} Zeilen",
  "Follow this channel": "Diesen Kanal abonnieren",
  "Follow this playlist": "Diese Playlist abonnieren",
  "Made with “{0}”, which only quotes. For a digest in new words, choose a language model in {1}.":
    "Erstellt mit „{0}“, das nur zitiert. Für einen frei formulierten Überblick wähle {1} ein Sprachmodell.",
  "your next batch": "beim nächsten Stapel",
  "To continue now, raise the monthly budget.": "Erhöhe das Monatsbudget, damit es gleich weitergeht.",
  "To continue now, raise the monthly budget by at least {0}.":
    "Erhöhe das Monatsbudget um mindestens {0}, damit es gleich weitergeht.",
  "Raise it by at least {0}.": "Erhöhe es um mindestens {0}.",
  "Raise it by at least {0}, or by about {1} for the {2} left.":
    "Erhöhe es um mindestens {0}, oder um etwa {1} für die restlichen {2}.",
  "needs at least {0} more": "braucht mindestens {0} mehr",
  "Too little of this month’s budget is left for the next video.": "Das Monatsbudget reicht nicht für das nächste Video.",
  "The batch continues on {0}.": "Der Stapel läuft am {0} weiter.",
  "too little of this month’s budget left": "zu wenig vom Monatsbudget übrig",
  "saved {0}": "{0} gespart",
  "Budget too low": "Budget zu niedrig",
  "Trying again in {0}.": "Neuer Versuch in {0}.",
  "What you see may be outdated.": "Was du siehst, ist vielleicht nicht aktuell.",
  "It will appear here as soon as Skimlist is back.": "Sie erscheint hier, sobald Skimlist antwortet.",
  "At most {0} of this month’s {1} is left": "Von den {1} dieses Monats sind höchstens {0} übrig",
  "Nothing new was found compared with earlier videos.": "Nichts Neues gegenüber früheren Videos.",
  // What the API says: of errors, of pauses and of links.
  "Something went wrong inside Skimlist.": "In Skimlist ist etwas schiefgegangen.",
  "Try again; if it happens again, look up the request in the logs.":
    "Versuche es noch einmal; hilft das nicht, suche die Anfrage in den Logs.",
  "A setting is missing from a function's environment.": "In der Umgebung einer Funktion fehlt eine Einstellung.",
  "Deploy the stack again; the template sets every setting.":
    "Installiere den Stack neu; die Vorlage setzt jede Einstellung.",
  "A setting in a function's environment cannot be read.":
    "Eine Einstellung in der Umgebung einer Funktion ist nicht lesbar.",
  "Correct the parameter of the stack that sets it, and deploy again.":
    "Berichtige den Parameter des Stacks, der sie setzt, und installiere neu.",
  "This video does not match the selection of its playlist or channel.":
    "Dieses Video erfüllt nicht die Bedingungen, die für seine Playlist oder seinen Kanal gelten.",
  "An AWS service that stores the batch did not answer.": "Ein AWS-Dienst, der den Stapel speichert, antwortete nicht.",
  "Retry the video in a minute.": "Versuche es mit dem Video in einer Minute noch einmal.",
  "The workflow of this batch failed.": "Der Ablauf dieses Stapels ist fehlgeschlagen.",
  "Retry the batch; if it happens again, look into the execution's history.":
    "Wiederhole den Stapel; hilft das nicht, sieh im Verlauf der Ausführung nach.",
  "The workflow returned the same videos again and again without finishing any of them.":
    "Der Ablauf hat immer wieder dieselben Videos zurückgegeben, ohne eines abzuschließen.",
  "None of the playlists of this batch could be read, and it has no other videos.":
    "Keine Playlist dieses Stapels ließ sich lesen, und andere Videos enthält er nicht.",
  "Each playlist of the batch says why; check the links and create a new batch.":
    "Bei jeder Playlist steht der Grund; prüfe die Links und lege einen neuen Stapel an.",
  "A field of the request is invalid.": "Die Anfrage hat ein falsches Feld.",
  "The captions cannot be read.": "Die Untertitel sind nicht lesbar.",
  "There is no such batch.": "Diesen Stapel gibt es nicht.",
  "This is not possible in the batch's current state.": "Das ist im jetzigen Zustand des Stapels nicht möglich.",
  "The batch changed while your request was processed; check it and try again.":
    "Der Stapel hat sich währenddessen geändert; sieh nach und versuche es noch einmal.",
  "This Idempotency-Key was already used with a different request; use a new key for a new batch.":
    "Dieser Idempotency-Key gehört schon zu einer anderen Anfrage; nimm einen neuen für einen neuen Stapel.",
  "This batch has no such video.": "Dieses Video hat der Stapel nicht.",
  "There is no such summary.": "Diese Zusammenfassung gibt es nicht.",
  "This batch has no digest, or none yet.": "Dieser Stapel hat keinen Überblick oder noch keinen.",
  "There is no such follow.": "Dieses Abo gibt es nicht.",
  "You have reached the limit of follows; delete one that you no longer need.":
    "Mehr Abos sind nicht möglich. Beende eines, das du nicht mehr brauchst.",
  "The follow changed while your request was processed; read it again, then change it.":
    "Das Abo hat sich inzwischen geändert. Lade die Seite neu und ändere es dann.",
  "There is no preset of this name.": "Eine Vorlage dieses Namens gibt es nicht.",
  "Other notifications of this deployment already go to this address. For a webhook, add something of your own to the URL, such as `?for=me`; for your email address, ask your administrator.":
    "An diese Adresse gehen schon andere Benachrichtigungen dieser Installation. Ist es die eines Webhooks, hänge etwas Eigenes an, etwa `?for=me`; ist es deine E-Mail-Adresse, frage deinen Administrator.",
  "Your addresses have been asked to confirm as often as is allowed in one day.":
    "Deine Adressen wurden heute schon so oft um Bestätigung gebeten, wie es an einem Tag erlaubt ist.",
  "Several addresses that you gave for notifications and no longer use were never confirmed. Amazon SNS keeps each for two days; give another address after that, or confirm one of them.":
    "Mehrere Adressen, die du für Benachrichtigungen angegeben hast und nicht mehr nutzt, wurden nie bestätigt. Amazon SNS behält jede zwei Tage lang; gib danach eine andere an, oder bestätige eine von ihnen.",
  "No caption file was uploaded for this video within the last day.":
    "Für dieses Video wurde seit gestern keine Untertiteldatei hochgeladen.",
  "Ask for a link with POST /videos/{video_id}/transcript/upload, and send the file to it by PUT.":
    "Hole mit POST /videos/{video_id}/transcript/upload einen Link und sende die Datei mit PUT dorthin.",
  "The captions of this video are not stored: they have not been fetched yet, or their retention has ended.":
    "Die Untertitel dieses Videos sind nicht gespeichert: Sie wurden noch nicht geholt, oder ihre Aufbewahrungsfrist ist abgelaufen.",
  "This deployment cannot send notifications to more addresses, because Amazon SNS limits their number. Your administrator can have the limit raised.":
    "Diese Installation kann keine Benachrichtigungen an weitere Adressen senden, weil Amazon SNS deren Zahl begrenzt. Dein Administrator kann das Limit erhöhen lassen.",
  "Your settings were changed by another request; look at them again, then change them.":
    "Deine Einstellungen wurden gerade anderswo geändert. Sieh sie dir noch einmal an und ändere sie dann.",
  "You have reached the limit of presets; delete one that you no longer need.":
    "Mehr Vorlagen sind nicht möglich; lösche eine, die du nicht mehr brauchst.",
  "The batch of this Idempotency-Key was deleted; use a new key for a new batch.":
    "Der Stapel dieses Idempotency-Key wurde gelöscht; nimm einen neuen für einen neuen Stapel.",
  "No video of this batch has ended yet, so there is nothing to export.":
    "Noch ist kein Video dieses Stapels fertig, also gibt es nichts zu exportieren.",
  "Your administrator has stopped your batches. Ask them why.":
    "Dein Administrator hat deine Stapel angehalten. Frage ihn nach dem Grund.",
  "Your running batches continue automatically as soon as they are allowed to.":
    "Deine laufenden Stapel gehen automatisch weiter, sobald sie wieder dürfen.",
  "You have reached the limit of batches that may run at once.":
    "So viele Stapel wie möglich laufen schon gleichzeitig.",
  "This is more videos than you can add, check or retry today.":
    "So viele Videos kannst du heute nicht mehr hinzufügen, prüfen oder wiederholen.",
  "This is more playlists and channels than you can have looked up today.":
    "So viele Playlists und Kanäle kannst du heute nicht mehr abfragen.",
  "This is more playlists than you can add today.": "So viele Playlists kannst du heute nicht mehr hinzufügen.",
  "YouTube says that this playlist does not exist; it says the same of a private playlist.":
    "Laut YouTube gibt es diese Playlist nicht. Dasselbe sagt YouTube von privaten Playlists.",
  "Check the link; if the playlist is yours, make it public or unlisted.":
    "Prüfe den Link. Ist es deine Playlist, mach sie öffentlich oder nicht gelistet.",
  "This playlist is private.": "Diese Playlist ist privat.",
  "Ask its owner to make it public or unlisted.":
    "Bitte den Besitzer der Playlist, sie öffentlich oder nicht gelistet zu machen.",
  "Mixes, Watch later and Liked videos belong to one viewer's account and cannot be read without it.":
    "Mixe, „Später ansehen“ und „Videos, die ich mag“ gehören zum Konto einer Person und lassen sich ohne dieses nicht lesen.",
  "Save the videos to a public or unlisted playlist, or paste their links.":
    "Speichere die Videos in einer öffentlichen oder nicht gelisteten Playlist, oder füge ihre Links ein.",
  "YouTube has no channel of this name; it may have been renamed or closed.":
    "YouTube hat keinen Kanal mit diesem Namen; vielleicht wurde er umbenannt oder geschlossen.",
  "Check the link; the page of a channel shows its present name.":
    "Prüfe den Link; die Seite eines Kanals zeigt seinen jetzigen Namen.",
  "This channel, or the part of it that was asked for, has no videos.":
    "Dieser Kanal, oder der gewünschte Teil davon, hat keine Videos.",
  "Check the link, or add the channel without a tab.": "Prüfe den Link, oder füge den ganzen Kanal hinzu.",
  "The follow of this Idempotency-Key was deleted; use a new key to follow the source again.":
    "Das Abo zu diesem Idempotency-Key wurde beendet; nimm einen neuen Schlüssel, um die Quelle wieder zu abonnieren.",
  "This follow has used up its budget for this month.": "Dieses Abo hat sein Budget für diesen Monat aufgebraucht.",
  "It continues automatically next month (UTC), or now if you give it a higher budget.":
    "Es geht im nächsten Monat (UTC) automatisch weiter, oder sofort, wenn du ihm ein höheres Budget gibst.",
  "The user who follows this source is no longer in the user pool.":
    "Wer dieses Abo hatte, ist nicht mehr unter den Nutzern dieser Installation.",
  "There is nothing to do: the follow is paused and costs nothing more.":
    "Es ist nichts zu tun: Das Abo ist pausiert und kostet nichts mehr.",
  "This playlist has no videos.": "Diese Playlist hat keine Videos.",
  "Check the link.": "Prüfe den Link.",
  "This playlist has more videos than you can add today.":
    "Diese Playlist hat mehr Videos, als du heute hinzufügen kannst.",
  "Add it again tomorrow (UTC), or ask your administrator for a higher limit.":
    "Füge sie morgen (UTC) noch einmal hinzu, oder bitte deinen Administrator um ein höheres Limit.",
  "The batch was cancelled before this playlist was read.":
    "Der Stapel wurde abgebrochen, bevor diese Playlist gelesen war.",
  "Create a new batch from it.": "Lege damit einen neuen Stapel an.",
  "The digest of this batch could not be made.": "Der Überblick über diesen Stapel konnte nicht erstellt werden.",
  "Retry the batch to make it again; the summaries are complete without it.":
    "Wiederhole den Stapel, damit ein Überblick entsteht; die Zusammenfassungen sind auch ohne ihn vollständig.",
  "Fewer than two videos were summarized, so a digest has nothing to compare.":
    "Weniger als zwei Videos wurden zusammengefasst; es gibt nichts zu vergleichen.",
  "Add more videos to this batch.": "Füge diesem Stapel weitere Videos hinzu.",
  "The digest would exceed the batch's budget.": "Der Überblick würde das Budget des Stapels überschreiten.",
  "Retry the batch with a higher budget; the summaries are complete without it.":
    "Wiederhole den Stapel mit höherem Budget; die Zusammenfassungen sind auch ohne ihn vollständig.",
  "YouTube says that this video does not exist or was removed.":
    "Laut YouTube gibt es dieses Video nicht, oder es wurde entfernt.",
  "Check the link; the video may have been deleted.": "Prüfe den Link; vielleicht wurde das Video gelöscht.",
  "This video is private.": "Dieses Video ist privat.",
  "This video is a live stream or premiere that has not taken place yet.":
    "Dieses Video ist ein Livestream oder eine Premiere und hat noch nicht stattgefunden.",
  "Retry it after the broadcast.": "Versuche es nach der Übertragung noch einmal.",
  "This video is live, or YouTube is still processing its recording, so there are no complete captions yet.":
    "Dieses Video läuft gerade live, oder YouTube verarbeitet noch die Aufnahme; vollständige Untertitel gibt es noch nicht.",
  "Retry it a few hours after the broadcast has ended.":
    "Versuche es einige Stunden nach Ende der Übertragung noch einmal.",
  "YouTube shows this video only to signed-in adults.": "YouTube zeigt dieses Video nur angemeldeten Erwachsenen.",
  "Such videos cannot be read without an account.": "Ohne Konto lassen sich solche Videos nicht lesen.",
  "YouTube refuses to play this video.": "YouTube spielt dieses Video nicht ab.",
  "Open it in a browser to see the reason, for example that it is not available in some countries.":
    "Öffne es im Browser, um den Grund zu sehen, zum Beispiel dass es in manchen Ländern nicht verfügbar ist.",
  "Captions are switched off for this video.": "Für dieses Video sind die Untertitel abgeschaltet.",
  "Without captions there is nothing to summarize.": "Ohne Untertitel gibt es nichts zusammenzufassen.",
  "This video has no captions.": "Dieses Video hat keine Untertitel.",
  "New videos often get automatic captions within a day.":
    "Neue Videos bekommen oft binnen eines Tages automatische Untertitel.",
  "The captions of this video contain no words.": "Die Untertitel dieses Videos enthalten keine Wörter.",
  "There is nothing to summarize.": "Es gibt nichts zusammenzufassen.",
  "This request alone would cost more than the daily or monthly limit for models.":
    "Diese Anfrage allein würde mehr kosten, als das Tages- oder Monatslimit für Modelle zulässt.",
  "Use a cheaper model, or ask your administrator for a higher limit and retry.":
    "Nimm ein günstigeres Modell, oder bitte deinen Administrator um ein höheres Limit und versuche es noch einmal.",
  "YouTube did not answer in time or answered with a server error.":
    "YouTube antwortete nicht rechtzeitig oder mit einem Serverfehler.",
  "Retry the video in a few minutes.": "Versuche es mit dem Video in einigen Minuten noch einmal.",
  "YouTube sent a response that could not be read.": "YouTube hat eine unlesbare Antwort geschickt.",
  "Retry. If it happens every time, youtube-transcript-api or yt-dlp needs an update.":
    "Versuche es noch einmal. Geschieht es jedes Mal, braucht youtube-transcript-api oder yt-dlp ein Update.",
  "YouTube refused this request because it looked like a bot's.":
    "YouTube hielt die Anfrage für die eines Bots und hat sie abgelehnt.",
  "Retry in a few minutes. If it happens with every video, fetch the captions from your own computer: `python examples/skimlist_client.py --fetch-captions`. Or give the deployment a rotating residential proxy (docs/deploy.md).":
    "Versuche es in einigen Minuten noch einmal. Geschieht es bei jedem Video, hole die Untertitel von deinem eigenen Rechner aus: `python examples/skimlist_client.py --fetch-captions`. Oder gib der Installation einen rotierenden Residential-Proxy (docs/deploy.md).",
  "YouTube requires a proof-of-origin token for the captions of this video.":
    "YouTube verlangt für die Untertitel dieses Videos ein Proof-of-Origin-Token.",
  "Retry later. If it happens with every video, youtube-transcript-api needs an update.":
    "Versuche es später noch einmal. Geschieht es bei jedem Video, braucht youtube-transcript-api ein Update.",
  "The model's server did not answer in time, or reported an error of its own.":
    "Der Server des Modells hat nicht rechtzeitig geantwortet oder einen eigenen Fehler gemeldet.",
  "Retry in a few minutes. If it keeps failing, look at the status page of the model's provider, or at your own server.":
    "Versuche es in einigen Minuten noch einmal. Scheitert es weiterhin, sieh auf der Statusseite des Modellanbieters nach oder auf deinem eigenen Server.",
  "The model's endpoint rejected the request because of too many requests.":
    "Der Endpunkt des Modells lehnte die Anfrage ab, weil es zu viele waren.",
  "Retry in a few minutes. If it happens often, choose a model with a higher rate limit.":
    "Versuche es in einigen Minuten noch einmal. Geschieht es oft, wähle ein Modell mit höherem Anfragelimit.",
  "The model's endpoint denied access, but did not say that the key is wrong.":
    "Der Endpunkt des Modells verweigerte den Zugriff, nannte den Schlüssel aber nicht falsch.",
  "Amazon Bedrock denied access to the model: a policy of the AWS account or organization forbids it, or the account has not accepted the model's terms.":
    "Amazon Bedrock verweigerte den Zugang zum Modell: Eine Richtlinie des AWS-Kontos oder der Organisation verbietet ihn, oder das Konto hat die Bedingungen des Modells nicht angenommen.",
  "Amazon Bedrock does not accept the AWS credentials that the request was signed with.":
    "Amazon Bedrock akzeptiert die AWS-Zugangsdaten nicht, mit denen die Anfrage signiert war.",
  "The captions are longer than the model takes at once.":
    "Die Untertitel sind länger, als das Modell auf einmal annimmt.",
  "Check with the provider that the key or the AWS account may use this model in this country; then retry.":
    "Prüfe beim Anbieter, ob der Schlüssel oder das AWS-Konto dieses Modell in diesem Land nutzen darf; versuche es dann noch einmal.",
  "The model refused to answer.": "Das Modell hat die Antwort verweigert.",
  "Choose another model.": "Wähle ein anderes Modell.",
  "The model answered twice without giving a usable summary.":
    "Das Modell antwortete zweimal ohne brauchbare Zusammenfassung.",
  "Retry, or choose a larger model.": "Versuche es noch einmal, oder wähle ein größeres Modell.",
  "The model's endpoint rejected the request.": "Der Endpunkt des Modells lehnte die Anfrage ab.",
  "Check the model's name and that it accepts a text of this length.":
    "Prüfe den Namen des Modells und ob es einen Text dieser Länge annimmt.",
  "This step exceeded its time limit.": "Dieser Schritt hat zu lange gedauert.",
  "Retry; everything fetched and answered so far is kept.":
    "Versuche es noch einmal; was schon geholt und beantwortet ist, bleibt erhalten.",
  "The function that ran this step ended unexpectedly.": "Die Funktion für diesen Schritt endete unerwartet.",
  "Retry; if it happens again, give the function more memory.":
    "Versuche es noch einmal; hilft das nicht, gib der Funktion mehr Speicher.",
  "Something unexpected went wrong with this video.": "Bei diesem Video ist etwas Unerwartetes schiefgegangen.",
  "Retry; if it happens again, look the video up in the logs.":
    "Versuche es noch einmal; hilft das nicht, suche das Video in den Logs.",
  "YouTube blocks requests from Skimlist's IP address.": "YouTube blockiert Anfragen von der IP-Adresse, die Skimlist hat.",
  "The batch tries again automatically. If it stays blocked, fetch the captions from your own computer: `python examples/skimlist_client.py --fetch-captions`. Or give the deployment a rotating residential proxy (docs/deploy.md).":
    "Der Stapel versucht es automatisch wieder. Bleibt es dabei, hole die Untertitel von deinem eigenen Rechner aus: `python examples/skimlist_client.py --fetch-captions`. Oder gib der Installation einen rotierenden Residential-Proxy (docs/deploy.md).",
  "The proxy for YouTube does not work.": "Der Proxy für YouTube funktioniert nicht.",
  "The batch tries again automatically. Check the proxy's address and, if it inspects TLS, the file with its CA certificate (docs/deploy.md).":
    "Der Stapel versucht es automatisch wieder. Prüfe die Adresse des Proxys und, falls er TLS aufbricht, die Datei mit seinem CA-Zertifikat (docs/deploy.md).",
  "No requests to the YouTube Data API are left for this today, and YouTube blocks this address without it.":
    "Das heutige Kontingent der YouTube Data API ist aufgebraucht, und ohne sie blockiert YouTube diese Adresse.",
  "Its quota resets at midnight in California; the batch tries again automatically.":
    "Das Kontingent beginnt um Mitternacht in Kalifornien neu; der Stapel versucht es automatisch wieder.",
  "The YouTube Data API does not accept the key.": "Die YouTube Data API nimmt den Schlüssel nicht an.",
  "Store a valid key, or delete the key to read playlists without one; then resume the batch. The key's Google project needs the YouTube Data API v3 enabled (docs/deploy.md).":
    "Hinterlege einen gültigen Schlüssel, oder lösche ihn, um Playlists ohne Schlüssel zu lesen; setze dann den Stapel fort. In seinem Google-Projekt muss die YouTube Data API v3 aktiviert sein (docs/deploy.md).",
  "The next video would exceed the batch's budget.": "Das nächste Video würde das Budget des Stapels überschreiten.",
  "Resume the batch with a higher budget, or cancel it; finished summaries can be exported.":
    "Setze den Stapel mit höherem Budget fort, oder brich ihn ab; fertige Zusammenfassungen kannst du exportieren.",
  "The next request would exceed what one user may spend on models a day.":
    "Die nächste Anfrage würde das Tageslimit für Modelle überschreiten, das für jeden gilt.",
  "The batch continues automatically after midnight (UTC). Your administrator can raise the limit.":
    "Der Stapel geht nach Mitternacht (UTC) automatisch weiter. Dein Administrator kann das Limit erhöhen.",
  "The next request would exceed what this deployment may spend on models a month.":
    "Die nächste Anfrage würde das Monatslimit dieser Installation für Modelle überschreiten.",
  "The batch continues automatically next month. Your administrator can raise the limit.":
    "Der Stapel geht nächsten Monat automatisch weiter. Dein Administrator kann das Limit erhöhen.",
  "Skimlist's account at the model's provider has no credit left.":
    "Skimlists Konto beim Anbieter des Modells hat kein Guthaben mehr.",
  "Change the model, or ask your administrator to add credit at the provider. Then resume or retry the batch.":
    "Wechsle das Modell, oder bitte deinen Administrator, beim Anbieter Guthaben aufzuladen. Setze dann den Stapel fort oder wiederhole ihn.",
  "This model cannot be used now: its provider does not accept Skimlist's key.":
    "Dieses Modell ist gerade nicht nutzbar: Sein Anbieter nimmt Skimlists Schlüssel nicht an.",
  "Change the model, or ask your administrator to store a valid key. Then resume or retry the batch.":
    "Wechsle das Modell, oder bitte deinen Administrator, einen gültigen Schlüssel zu hinterlegen. Setze dann den Stapel fort oder wiederhole ihn.",
  "No key is stored for this model.": "Für dieses Modell ist kein Schlüssel hinterlegt.",
  "Change the model, or ask your administrator to store a key. Then resume or retry the batch. How to store one is in docs/models.md.":
    "Wechsle das Modell, oder bitte deinen Administrator, einen Schlüssel zu hinterlegen. Setze dann den Stapel fort oder wiederhole ihn. Wie man einen hinterlegt, steht in docs/models.md.",
  "This deployment no longer offers the batch's model.":
    "Diese Installation bietet das Modell des Stapels nicht mehr an.",
  "Choose another model for the rest of the batch, then resume it. Or have your administrator deploy with the settings that offered this one (docs/models.md).":
    "Wähle ein anderes Modell für den Rest des Stapels und setze ihn dann fort. Oder bitte deinen Administrator, es wieder anzubieten (docs/models.md).",
  "This deployment no longer offers the model that was chosen for the new summary.":
    "Diese Installation bietet das Modell nicht mehr an, das für die neue Zusammenfassung gewählt war.",
  "Summarize the video again with another model; until then it keeps its current summary.":
    "Fasse das Video mit einem anderen Modell noch einmal zusammen; bis dahin behält es die jetzige Zusammenfassung.",
  "The model's endpoint does not know this model.": "Der Endpunkt des Modells kennt dieses Modell nicht.",
  "Check the endpoint's address or region and the model's name, then resume the batch; it also tries again automatically.":
    "Prüfe Adresse oder Region des Endpunkts und den Namen des Modells; setze dann den Stapel fort. Er versucht es auch automatisch wieder.",
  "You paused this batch.": "Du hast diesen Stapel pausiert.",
  "Resume it whenever you like.": "Setze ihn fort, wann du willst.",
  "This is not a web address.": "Das ist keine Webadresse.",
  "This is too long for a web address.": "Das ist zu lang für eine Webadresse.",
  "The video id is missing or does not have 11 characters; was the link cut off?":
    "Die Video-ID fehlt oder hat keine 11 Zeichen; ist der Link abgeschnitten?",
  "This playlist address names no playlist (list=…).": "Diese Adresse nennt keine Playlist (list=…).",
  "This is a clip, which is a part of a video; paste the link of the video itself.":
    "Das ist ein Clip, also ein Teil eines Videos; füge den Link des Videos selbst ein.",
  "You have a summary of this video already.": "Du hast schon eine Zusammenfassung dieses Videos.",
  "This is a Short.": "Das ist ein Short.",
  "This is a live stream.": "Das ist ein Livestream.",
  "This is a premiere.": "Das ist eine Premiere.",
  "The title has one of the words that you do not want.": "Der Titel enthält eines der Wörter, die du nicht willst.",
  "The title has none of the words that you want.": "Der Titel enthält keines der Wörter, die du willst.",
  "YouTube does not say how long this video is.": "YouTube gibt nicht an, wie lang dieses Video ist.",
  "This video is too short.": "Dieses Video ist zu kurz.",
  "This video is too long.": "Dieses Video ist zu lang.",
  "YouTube does not say on which day this video was uploaded.":
    "YouTube gibt nicht an, wann dieses Video hochgeladen wurde.",
  "This video was uploaded too early.": "Dieses Video wurde zu früh hochgeladen.",
  "This video was uploaded too late.": "Dieses Video wurde zu spät hochgeladen.",
  "There are enough newer videos.": "Es gibt genug neuere Videos.",
  "Put it back if you want it after all.": "Hol es zurück, wenn du es doch willst.",
  channel: "Kanal",
  "Reading playlist …": "Playlist wird gelesen …",
  "Reading channel …": "Kanal wird gelesen …",
  "Reading playlists …": "Playlists werden gelesen …",
  "cannot be read": "nicht lesbar",
  "Choose playlists": "Playlists auswählen",
  "all its videos": "alle Videos",
  "Which videos of “{0}”?": "Welche Videos von „{0}“?",
  "Which of its videos?": "Welche Videos?",
  "Playlists of “{0}”": "Playlists von „{0}“",
  "More from this channel": "Mehr von diesem Kanal",
  Apply: "Übernehmen",
  "Add these playlists": "Diese Playlists hinzufügen",
  Add: "Hinzufügen",
  "Search the titles": "Titel durchsuchen",
  "Show more playlists": "Mehr Playlists anzeigen",
  "This page of the channel shows no playlists.": "Diese Seite des Kanals zeigt keine Playlists.",
  "Check the link, or add the channel itself.": "Prüfe den Link oder füge den Kanal selbst hinzu.",
  "Leave out Shorts": "Shorts auslassen",
  "Leave out live streams": "Livestreams auslassen",
  "Leave out premieres": "Premieren auslassen",
  "newest {0}": "die neuesten {0}",
  "{0} or longer": "mindestens {0} lang",
  "{0} or shorter": "höchstens {0} lang",
  "title with {0}": "Titel mit {0}",
  "title without {0}": "Titel ohne {0}",
  "no Shorts": "keine Shorts",
  "no live streams": "keine Livestreams",
  "no premieres": "keine Premieren",
  "{0} left out, as you asked": "{0} ausgelassen, wie gewünscht",
  "older videos were not checked": "ältere Videos wurden nicht geprüft",
  "Newest first": "Neueste zuerst",
  "This channel address names no channel; was the link cut off?":
    "Diese Adresse nennt keinen Kanal; ist der Link abgeschnitten?",
  "This page of YouTube is not a video, a playlist or a channel.":
    "Diese Seite von YouTube ist weder ein Video noch eine Playlist oder ein Kanal.",
  "This is taken for the channel of the video beside it; give it a line of its own to add the channel.":
    "Das gilt als der Kanal des Videos daneben; gib ihm eine eigene Zeile, um den Kanal hinzuzufügen.",
  "This page lists playlists; add those that you want.":
    "Diese Seite führt Playlists auf; füge die hinzu, die du willst.",
  "The batch already has this.": "Das ist schon im Stapel.",
  "This is already listed above; it is summarized once.":
    "Das steht schon weiter oben; es wird einmal zusammengefasst.",
  "The words that titles must or must not have are too long: they are kept for each playlist and channel. Give fewer or shorter words, or add fewer playlists and channels at once.":
    "Die Wörter, die Titel enthalten müssen oder nicht enthalten dürfen, sind zu lang: Sie werden für jede Playlist und jeden Kanal gespeichert. Gib weniger oder kürzere Wörter an, oder füge weniger Playlists und Kanäle auf einmal hinzu.",
  "A preset's name has up to 60 letters, digits, spaces and `. , & + ( ) - _`.":
    "Der Name einer Vorlage hat bis zu 60 Buchstaben, Ziffern, Leerzeichen und `. , & + ( ) - _`.",
  "A retry is unlikely to help any failed video of this batch; send `all` to retry them anyway.":
    "Ein neuer Versuch hilft wahrscheinlich keinem der fehlgeschlagenen Videos dieses Stapels.",
  "Another attempt of the same request has created the batch.":
    "Ein anderer Versuch derselben Anfrage hat den Stapel angelegt.",
  "Another batch was started at the same moment; try again.":
    "Im selben Augenblick startete ein anderer Stapel. Versuche es noch einmal.",
  "Captions in this format cannot be read. Save them as SubRip (.srt) or WebVTT (.vtt).":
    "Untertitel in diesem Format lassen sich nicht lesen. Speichere sie als SubRip (.srt) oder WebVTT (.vtt).",
  "Give one link to a playlist or channel; a single video cannot be followed.":
    "Gib einen Link zu einer Playlist oder einem Kanal an; ein einzelnes Video lässt sich nicht abonnieren.",
  "None of the lines has a link to a video, playlist or channel.":
    "In keiner Zeile steht ein Link zu einem Video, einer Playlist oder einem Kanal.",
  "Only a ZIP can hold transcripts.": "Nur ein ZIP kann Transkripte enthalten.",
  "The batch does not have all of these videos.": "Nicht alle diese Videos gehören zu diesem Stapel.",
  "These videos are completed; only videos that were left out can be put back.":
    "Diese Videos sind fertig; nur ausgelassene lassen sich zurückholen.",
  "These videos have begun or are completed; only waiting or failed ones can be left out.":
    "Diese Videos haben schon begonnen oder sind fertig; nur wartende oder fehlgeschlagene lassen sich auslassen.",
  "Only failed videos can be retried.": "Nur fehlgeschlagene Videos lassen sich wiederholen.",
  "A search needs at least one word.": "Eine Suche braucht mindestens ein Wort.",
  "Only playlists and channels can be looked up.": "Abfragen lassen sich nur Playlists und Kanäle.",
  "Only waiting videos can be moved, and each only once.":
    "Nur wartende Videos lassen sich verschieben, und jedes nur einmal.",
  "Other batches were created at the same moment; try again.":
    "Im selben Augenblick wurden andere Stapel angelegt. Versuche es noch einmal.",
  "Other follows were created at the same moment; try again.":
    "Im selben Augenblick wurden andere Abos angelegt. Versuche es noch einmal.",
  "Other videos of yours were counted at the same moment; try again.":
    "Im selben Augenblick wurden andere deiner Videos gezählt. Versuche es noch einmal.",
  "The JSON contains a number that is too long.": "Das JSON enthält eine zu lange Zahl.",
  "The JSON contains no captions: it is neither YouTube's json3 nor a list of captions.":
    "Das JSON enthält keine Untertitel: Es ist weder YouTubes json3 noch eine Liste von Untertiteln.",
  "The XML contains no captions: it is neither TTML nor one of YouTube's formats.":
    "Das XML enthält keine Untertitel: Es ist weder TTML noch eines der Formate von YouTube.",
  "The XML defines entities of its own, which captions do not need.":
    "Das XML definiert eigene Entitäten, die Untertitel nicht brauchen.",
  "The batch changed while its videos were queued again; check it and retry them.":
    "Der Stapel hat sich geändert, während seine Videos wieder eingereiht wurden. Prüfe ihn und wiederhole sie.",
  "The batch changed while your request was processed; check it and delete it again.":
    "Der Stapel hat sich inzwischen geändert. Prüfe ihn und lösche ihn noch einmal.",
  "The body of a request has to be JSON (Content-Type: application/json).":
    "Der Inhalt einer Anfrage muss JSON sein (Content-Type: application/json).",
  "The body of the request is not valid JSON.": "Der Inhalt der Anfrage ist kein gültiges JSON.",
  "The current video is still being finished; try again in a moment.":
    "Das aktuelle Video wird noch abgeschlossen. Versuche es in einem Augenblick noch einmal.",
  "The day `from` is after the day `to`.": "Der erste Tag liegt nach dem letzten.",
  "The file contains no captions.": "Die Datei enthält keine Untertitel.",
  "The file is nested too deeply.": "Die Datei ist zu tief verschachtelt.",
  "The file with the CA certificate of the proxy cannot be read.":
    "Die Datei mit dem CA-Zertifikat des Proxys lässt sich nicht lesen.",
  "The model writes too slowly: its answer did not end in time. Ask for a shorter summary, or for a faster model.":
    "Das Modell schreibt zu langsam: Seine Antwort endete nicht rechtzeitig. Nimm eine kürzere Zusammenfassung oder ein schnelleres Modell.",
  "The model's endpoint answered something that is not a chat completion.":
    "Der Endpunkt des Modells gab keine brauchbare Antwort (keine Chat Completion).",
  "The model's endpoint broke off its answer.": "Der Endpunkt des Modells brach seine Antwort ab.",
  "The model's endpoint has no chat completions at this address.":
    "Der Endpunkt des Modells bietet unter dieser Adresse keine Chat Completions.",
  "The model's findings on the parts of this batch are as long as the parts.":
    "Was das Modell in den Teilen dieses Stapels fand, ist so lang wie die Teile.",
  "The model's notes on the parts of this video are longer than the parts.":
    "Die Notizen des Modells zu den Teilen dieses Videos sind länger als die Teile.",
  "The order has changed since you read it; read the batch again, then reorder it.":
    "Die Reihenfolge hat sich inzwischen geändert. Lade den Stapel neu und ordne ihn dann.",
  "The stored key has characters that no key has, such as a line break or a long dash.":
    "Der hinterlegte Schlüssel enthält Zeichen, die kein Schlüssel hat, etwa einen Zeilenumbruch oder einen Gedankenstrich.",
  "The transcript that was fetched for this video is gone.":
    "Das Transkript, das für dieses Video geholt wurde, ist nicht mehr da.",
  "The new summary is already being made; the current one stays until it is ready.":
    "Die neue Zusammenfassung entsteht schon; die jetzige bleibt, bis sie fertig ist.",
  "The video is already being summarized again; try again when that is done.":
    "Das Video wird schon neu zusammengefasst. Versuche es danach noch einmal.",
  "These captions contain no words.": "Diese Untertitel enthalten keine Wörter.",
  "This batch has no playlists, so there can be no new videos.":
    "Dieser Stapel hat keine Playlists, also kann es keine neuen Videos geben.",
  "This cursor does not come from a list with these dates.":
    "Diese Liste lässt sich so nicht fortsetzen; lade die Seite neu.",
  "This cursor does not come from this API.": "Diese Liste lässt sich so nicht fortsetzen; lade die Seite neu.",
  "This video has no captions: the summary was made from its description only.":
    "Dieses Video hat keine Untertitel: Die Zusammenfassung beruht nur auf seiner Beschreibung.",
  "The proxy for YouTube did not let the request through.": "Der Proxy für YouTube hat die Anfrage nicht durchgelassen.",
  "The stored address of the proxy for YouTube cannot be used.":
    "Die hinterlegte Adresse des Proxys für YouTube ist nicht brauchbar.",
  "YouTube's certificate is not trusted; the proxy may have replaced it.":
    "YouTubes Zertifikat ist nicht vertrauenswürdig; vielleicht hat der Proxy es ersetzt.",
  "Your email address is not verified yet.": "Deine E-Mail-Adresse ist noch nicht bestätigt.",
};

// Sentences of the API that say more in a particular case; `{0}` stands for what differs.
export const patterns = [
  ["{0} is not YouTube.", "{0} ist nicht YouTube."],
  [
    "You can have up to {0} follows; delete one that you no longer need.",
    "Du kannst höchstens {0} Abos haben; beende eines, das du nicht mehr brauchst.",
  ],
  [
    "The next video would cost about {0}; {1} of the budget of {2} is spent.",
    "Das nächste Video würde etwa {0} kosten; vom Budget von {2} sind {1} ausgegeben.",
  ],
  [
    "The digest would cost about {0}; {1} of the budget of {2} is spent.",
    "Der Überblick würde etwa {0} kosten; vom Budget von {2} sind {1} ausgegeben.",
  ],
  [
    "The next request would exceed the {0} USD that each user may spend on models a day.",
    "Die nächste Anfrage würde die {0} USD überschreiten, die jeder Nutzer am Tag für Modelle ausgeben darf.",
  ],
  [
    "At most {0} links can be read at once; send them in parts.",
    "Höchstens {0} Links lassen sich auf einmal lesen; sende sie in Teilen.",
  ],
  [
    "A batch can have at most {0} videos; this one has room for {1} more.",
    "Ein Stapel kann höchstens {0} Videos haben; in diesen passen noch {1}.",
  ],
  [
    "A batch can have at most {0} playlists; this one has room for {1} more.",
    "Ein Stapel kann höchstens {0} Playlists haben; in diesen passen noch {1}.",
  ],
  ["Caption {0} of the JSON has no text or no time.", "Untertitel {0} im JSON hat keinen Text oder keine Zeit."],
  [
    "Line {0} comes before the first time. Each caption needs a line such as 00:01:02,500 --> 00:01:04,000 above its text.",
    "Zeile {0} steht vor der ersten Zeitangabe. Über dem Text jedes Untertitels muss eine Zeile wie 00:01:02,500 --> 00:01:04,000 stehen.",
  ],
  ["Line {0} is not JSON.", "Zeile {0} ist kein JSON."],
  [
    "Line {0} is not text in {1}. Open the file in a text editor and save it as UTF-8.",
    "Zeile {0} ist kein Text in {1}. Öffne die Datei in einem Texteditor und speichere sie als UTF-8.",
  ],
  ["Line {0} is not well-formed XML.", "Zeile {0} ist kein wohlgeformtes XML."],
  [
    "Removed {0} references to captions that do not exist.",
    "{0} Verweise auf Untertitel, die es nicht gibt, wurden entfernt.",
  ],
  [
    "Removed 1 reference to captions that do not exist.",
    "Ein Verweis auf Untertitel, die es nicht gibt, wurde entfernt.",
  ],
  [
    "Left out {0} references to videos that do not say what the digest claims.",
    "{0} Verweise wurden weggelassen, weil die Videos nicht sagen, was im Überblick steht.",
  ],
  [
    "Left out 1 reference to videos that do not say what the digest claims.",
    "Ein Verweis wurde weggelassen, weil das Video nicht sagt, was im Überblick steht.",
  ],
  [
    "The batch is {0} and cannot become {1} now; you can {2}.",
    "Das geht nicht, solange der Stapel in diesem Zustand ist. Lade die Seite neu.",
  ],
  [
    "The batch is {0} and none of its videos failed, so there is nothing to retry.",
    "Keines seiner Videos ist fehlgeschlagen, also gibt es nichts zu wiederholen.",
  ],
  [
    "The batch is {0}; cancel it first, then delete it.",
    "Der Stapel läuft noch. Brich ihn erst ab und lösche ihn dann.",
  ],
  [
    "The batch is {0}; its queue can no longer be changed. Create a new batch.",
    "Die Warteschlange dieses Stapels lässt sich nicht mehr ändern. Lege einen neuen an.",
  ],
  ["The batch is {0}; {1}.", "Das geht nur bei einem Entwurf."],
  [
    "The body of a request can have at most {0} bytes; send long lists of links in parts.",
    "Eine Anfrage kann höchstens {0} Byte enthalten; sende lange Listen von Links in Teilen.",
  ],
  ["The file has more than {0} bytes.", "Die Datei hat mehr als {0} Byte."],
  ["The model answered in {0} instead of {1}.", "Das Modell antwortete in einer anderen Sprache: {0} statt {1}."],
  [
    "The model wrote some texts in another language than {0}.",
    "Das Modell schrieb manche Texte in einer anderen Sprache als verlangt ({0}).",
  ],
  [
    "The model's answer did not end within {0} tokens.",
    "Die Antwort des Modells endete nicht innerhalb von {0} Tokens.",
  ],
  [
    "The model's answer was not a usable digest, twice: {0}",
    "Die Antwort des Modells war zweimal kein brauchbarer Überblick: {0}",
  ],
  [
    "The model's answer was not a usable summary, twice: {0}",
    "Die Antwort des Modells war zweimal keine brauchbare Zusammenfassung: {0}",
  ],
  [
    "The model's endpoint read only {0} tokens of a longer prompt: it cut the captions. Give its server a larger context window, or tell the deployment of a smaller one.",
    "Der Endpunkt des Modells las nur {0} Tokens einer längeren Anfrage: Er hat die Untertitel gekürzt. Gib seinem Server ein größeres Kontextfenster oder nenne der Installation ein kleineres.",
  ],
  [
    "The model's endpoint rejected the request with HTTP status {0}.",
    "Der Endpunkt des Modells lehnte die Anfrage mit dem HTTP-Status {0} ab.",
  ],
  [
    "The model's endpoint sends requests on to another address (HTTP status {0}), which is not asked. Give the deployment the address at which the model answers.",
    "Der Endpunkt des Modells leitet Anfragen an eine andere Adresse weiter (HTTP-Status {0}), die nicht gefragt wird. Gib der Installation die Adresse, unter der das Modell antwortet.",
  ],
  ["The time of caption {0} in the XML cannot be read.", "Die Zeit des Untertitels {0} im XML lässt sich nicht lesen."],
  [
    "The times on line {0} cannot be read; write them as 00:01:02,500 --> 00:01:04,000.",
    "Die Zeiten in Zeile {0} lassen sich nicht lesen; schreibe sie als 00:01:02,500 --> 00:01:04,000.",
  ],
  [
    "The video is {0}; only a completed video can be summarized again.",
    "Nur ein fertiges Video lässt sich neu zusammenfassen.",
  ],
  [
    "The video is {0}; only a video that was left out can be put back.",
    "Nur ein ausgelassenes Video lässt sich zurückholen.",
  ],
  [
    "The video is {0}; only a waiting or a failed video can be left out.",
    "Nur ein wartendes oder fehlgeschlagenes Video lässt sich auslassen.",
  ],
  [
    "The {0} model does not translate: a video whose captions are not in {1} gets a summary in the language of its captions. Choose a language model for summaries that are all in {2}.",
    "Das Modell {0} übersetzt nicht: Ein Video ohne Untertitel in der gewünschten Sprache ({1}) wird in der Sprache seiner Untertitel zusammengefasst. Nimm ein Sprachmodell, damit alle Zusammenfassungen in einer Sprache sind.",
  ],
  [
    "There were no captions in {0}: the summary was made from those in {1}.",
    "In der gewünschten Sprache ({0}) gab es keine Untertitel: Die Zusammenfassung beruht auf denen in {1}.",
  ],
  [
    "This model does not translate: the digest is in the language of most summaries, {0}.",
    "Dieses Modell übersetzt nicht: Der Überblick ist in der Sprache der meisten Zusammenfassungen ({0}).",
  ],
  [
    "This model does not translate: the summary is in the language of the captions, {0}.",
    "Dieses Modell übersetzt nicht: Die Zusammenfassung ist in der Sprache der Untertitel ({0}).",
  ],
  [
    "You already have {0} batches under way, which is the limit; the next one can start when one of them has ended. A draft counts while its playlists are read or its videos are checked.",
    "Es laufen schon {0} deiner Stapel, mehr gehen nicht zugleich; der nächste kann starten, wenn einer davon fertig ist. Ein Entwurf zählt mit, solange seine Playlists gelesen oder seine Videos geprüft werden.",
  ],
  [
    "You can add {0} playlists a day. You have {1} left today; the limit resets at {2} UTC.",
    "Du kannst am Tag {0} Playlists hinzufügen. Heute bleiben dir {1}; die Grenze gilt neu ab {2} UTC.",
  ],
  [
    "You can add, check or retry {0} videos a day. You have {1} left today; the limit resets at {2} UTC.",
    "Du kannst am Tag {0} Videos hinzufügen, prüfen oder wiederholen. Heute bleiben dir {1}; die Grenze gilt neu ab {2} UTC.",
  ],
  [
    "You can have {0} playlists and channels looked up a day. You have {1} left today; the limit resets at {2} UTC.",
    "Du kannst am Tag bei {0} Playlists und Kanälen nachsehen lassen. Heute bleiben dir {1}; die Grenze gilt neu ab {2} UTC.",
  ],
  [
    "You can save up to {0} presets; delete one that you no longer need.",
    "Du kannst höchstens {0} Vorlagen speichern; lösche eine, die du nicht mehr brauchst.",
  ],
  ["YouTube translated the captions from {0} to {1}.", "YouTube hat die Untertitel übersetzt: aus {0} nach {1}."],
  [
    "Your addresses can be asked to confirm {0} times a day. You have {1} left today; the limit resets at {2} UTC.",
    "Deine Adressen lassen sich am Tag {0}-mal um Bestätigung bitten. Heute bleiben dir {1}; die Grenze gilt neu ab {2} UTC.",
  ],
  ["The model gave no usable notes for {0}.", "Das Modell lieferte keine brauchbaren Notizen für {0}."],
  [
    "The new videos were not compared with earlier ones: the budget of this run does not allow it.",
    "Die neuen Videos wurden nicht mit früheren verglichen: Das Budget dieses Laufs reicht dafür nicht.",
  ],
  [
    "The new videos were not compared with earlier ones: the model gave no usable answer.",
    "Die neuen Videos wurden nicht mit früheren verglichen: Das Modell gab keine brauchbare Antwort.",
  ],
];
