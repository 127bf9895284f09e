// German: the texts that somebody sees before signing in, by the English ones.

export const texts = {
  "The email or password is wrong. Check both, or get a new password below.":
    "E-Mail-Adresse oder Passwort ist falsch. Prüfe beides oder fordere unten ein neues Passwort an.",
  "This code is wrong. Use the one from the latest email.": "Der Code ist falsch. Nimm den aus der neuesten E-Mail.",
  "This code has expired. Request a new one.": "Der Code ist abgelaufen. Fordere einen neuen an.",
  "Too many attempts. Wait a few minutes, then try again.":
    "Zu viele Versuche. Warte einige Minuten und versuche es dann erneut.",
  "This account needs a new password; choose “Forgot your password?”.":
    "Dieses Konto braucht ein neues Passwort. Wähle „Passwort vergessen?“.",
  "The password in your invitation has expired. Ask your administrator for a new invitation.":
    "Das Passwort aus deiner Einladung ist abgelaufen. Bitte deinen Administrator um eine neue.",
  "This account is disabled. Ask your administrator why.":
    "Dieses Konto ist gesperrt. Frage deinen Administrator nach dem Grund.",
  "You have not chosen a password yet. Sign in with the one in your invitation, or ask your administrator for a new invitation.":
    "Du hast noch kein Passwort gewählt. Melde dich mit dem aus deiner Einladung an oder bitte deinen Administrator um eine neue.",
  "This email address is not confirmed, so no code can be sent to it. Ask your administrator to confirm it.":
    "Diese E-Mail-Adresse ist nicht bestätigt, deshalb kann kein Code an sie gehen. Bitte deinen Administrator, sie zu bestätigen.",
  "The sign-in service cannot be reached. Check your internet connection, then try again.":
    "Die Anmeldung ist nicht erreichbar. Prüfe deine Internetverbindung und versuche es erneut.",
  "The sign-in service is not responding. Try again in a minute.":
    "Die Anmeldung antwortet nicht. Versuche es in einer Minute erneut.",
  "Sign-in failed. Try again; if that does not help, ask your administrator.":
    "Die Anmeldung ist fehlgeschlagen. Versuche es erneut; hilft das nicht, wende dich an deinen Administrator.",
  Close: "Schließen",
  "An amount in dollars, such as 0.50": "Ein Betrag in Dollar, etwa 0,50",
  "This part of the page could not be loaded. Check your internet connection, then reload the page; Skimlist may have been updated.":
    "Dieser Teil der Seite konnte nicht geladen werden. Prüfe deine Internetverbindung und lade die Seite neu; vielleicht wurde Skimlist gerade aktualisiert.",
  Undo: "Rückgängig",
  "Sign in to continue.": "Melde dich an, um fortzufahren.",
  "Your session has ended. Sign in to continue where you left off.":
    "Deine Sitzung ist abgelaufen. Melde dich an, um dort weiterzumachen, wo du warst.",
  Batches: "Stapel",
  Summaries: "Zusammenfassungen",
  "Language of this page": "Sprache dieser Seite",
  Main: "Hauptnavigation",
  "Skip to the content": "Zum Inhalt springen",
  "API documentation": "API-Dokumentation",
  "Sign out": "Abmelden",
  "Switch to light mode": "Zum hellen Design wechseln",
  "Switch to dark mode": "Zum dunklen Design wechseln",
  "Loading …": "Wird geladen …",
  "No account yet? Ask your administrator to create one for you.":
    "Noch kein Konto? Bitte deinen Administrator, dir eines anzulegen.",
  "At least 12 characters, with a lowercase letter, an uppercase letter and a digit.":
    "Mindestens 12 Zeichen, mit Kleinbuchstabe, Großbuchstabe und Ziffer.",
  "Sign in": "Anmelden",
  Email: "E-Mail-Adresse",
  Password: "Passwort",
  "Keep me signed in on this device": "Auf diesem Gerät angemeldet bleiben",
  "This account requires a second factor, which this page does not support.":
    "Dieses Konto verlangt einen zweiten Faktor, den diese Seite nicht unterstützt.",
  "Forgot your password?": "Passwort vergessen?",
  "Choose a password": "Passwort wählen",
  "The one you were given works only once.": "Das Passwort, das du bekommen hast, gilt nur einmal.",
  "Your new password": "Dein neues Passwort",
  "Save and sign in": "Speichern und anmelden",
  "Get a new password": "Neues Passwort anfordern",
  "We’ll send a code to your email address.": "Wir senden einen Code an deine E-Mail-Adresse.",
  "Send the code": "Code senden",
  "If there is an account for {0}, a code is on its way.": "Wenn es ein Konto für {0} gibt, ist ein Code unterwegs.",
  Back: "Zurück",
  "Code from the email": "Code aus der E-Mail",
  "Send another code": "Noch einen Code senden",
  "Hours of video, {0}.": "Stundenlange Videos, {0}.",
  "read in minutes": "in Minuten gelesen",
  "Paste a list of YouTube links. Get a faithful summary of every video, one after the other, at a cost you know in advance.":
    "Füge eine Liste von YouTube-Links ein. Du bekommst von jedem Video eine verlässliche Zusammenfassung, eine nach der anderen, zu Kosten, die du vorher kennst.",
  "Show the password": "Passwort anzeigen",
  Show: "Anzeigen",
  Follows: "Abos",
  Settings: "Einstellungen",
};
