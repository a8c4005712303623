"""Words by which a page says that what was there is gone: about the page or the post itself, not about anything else.

Status codes say it better and are asked first. This is for the many sites that answer 200 all the same. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENTENCE = 200
"""Characters of a sentence that are looked at: an announcement is short."""
MESSAGE = 800
"""A page that shows more than this beside its frame has more to say than that something is gone."""
_END = re.compile(r"[.!?。！？…\n]+")
_LEAD = (
    r"(?:(?:error|fehler|erreur|errore|erro|fout|błąd|ошибка|エラー|hata|sorry|we're sorry|oops|whoops|hoppla|leider|"
    r"désolée?|lo sentimos|lo siento|spiacenti|siamo spiacenti|desculpe|helaas|przepraszamy|niestety|извините|"
    r"申し訳ありませんが?|üzgünüz|maalesef|40[34]|410)[\s,:、–—|()/-]*)*"
)
_EDGES = " \t\"'()[]<>*·•|:-–—,;"


@dataclass(frozen=True, slots=True)
class _Language:
    """`subject` is the page or the post, `aside` what may be between, `says` that it is gone, in this order.

    `whole`: sentences by themselves.
    """

    subject: str
    says: str
    whole: str
    aside: str = ""

    def pattern(self) -> str:
        aside = rf"(?:,? (?:{self.aside})\b[^,]{{0,60}},?)??" if self.aside else ""
        gone = rf"(?:{self.says})(?!\w)(?! (?:from|aus|von|de|dal|uit|z|из) )"
        return rf"(?:{self.subject}){aside},? ?{gone}|(?:{self.whole})$"


_EN_THING = (
    r"(?:page|post|posting|thread|topic|comment|reply|message|content|article|entry|item|video|photo|image|profile|"
    r"account|url|document|file|status|note)"
)
_ENGLISH = _Language(
    subject=rf"(?:this|that|the|your) (?:(?:requested|original|reported) )?{_EN_THING}",
    aside=r"you|that you|which you",
    says=(
        r"(?:is|was|were|has been|have been|has since been|may have been|might have been) "
        r"(?:(?:now|since|already|permanently|either) )?(?:removed|deleted|taken down|erased|gone)|"
        r"(?:is|was) (?:no longer|not|currently not) (?:available|here|found|accessible|online)|"
        r"isn't (?:available|here)(?: any ?more)?|(?:does not|doesn't|no longer|did not) exists?|"
        r"(?:could not|couldn't|cannot|can't|can not) be found|has (?:disappeared|gone)|not found"
    ),
    whole=(
        rf"(?:the )?(?:{_EN_THING} )?(?:is )?(?:not found|removed|deleted|no longer available)"
        r"(?: by (?:the |a |its )?(?:author|user|owner|moderators?|staff|admin(?:istrator)?s?))?|"
        rf"(?:there is|there's) no such {_EN_THING}\b.*|no such {_EN_THING}|"
        r"(?:a |the |our |its )?(?:moderators?|admin(?:istrator)?s?|author|user|owner|staff|team|we)(?: (?:has|have))? "
        rf"(?:removed|deleted|took down|taken down) this {_EN_THING}\b.*|"
        rf"we (?:could not|couldn't|cannot|can't) find (?:this|that|the|your) {_EN_THING}\b.*"
    ),
)
_DE_THING = r"(?:seite|beitrag|post|thread|thema|kommentar|inhalt|nachricht|artikel|eintrag|profil|konto|video|bild)"
_GERMAN = _Language(
    subject=r"(?:die|der|das|diese[rs]?|ihre?) (?:von ihnen )?(?:(?:gesucht|angefordert|gewünscht|aufgerufen)e[nrs]? )?"
    rf"{_DE_THING}",
    aside="die sie|den sie|das sie|die du|den du|das du",
    says=(
        r"(?:wurde|ist|wird) (?!nicht )(?:\w+ ){0,3}?(?:gelöscht|entfernt)|"
        r"(?:wurde|ist) (?:leider )?nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden|erreichbar)|"
        r"existiert (?:leider )?nicht(?: mehr)?|gibt es (?:leider )?nicht(?: mehr)?|"
        r"(?:konnte|kann) (?:leider )?nicht (?:mehr )?gefunden werden|nicht gefunden"
    ),
    whole=(
        rf"(?:{_DE_THING} )?(?:wurde )?(?:nicht gefunden|gelöscht|entfernt|nicht (?:mehr )?verfügbar|"
        r"existiert nicht(?: mehr)?)|"
        rf"(?:ein moderator|die moderation|der autor|wir) (?:hat|haben) diese[ns]? {_DE_THING} (?:gelöscht|entfernt)|"
        rf"(?:wir konnten|wir können) (?:die|den|das|diese[ns]?) {_DE_THING} (?:leider )?nicht finden"
    ),
)
_FR_THING = r"(?:page|message|publication|contenu|commentaire|sujet|article|discussion|profil|compte|vidéo|photo|post)"
_FRENCH = _Language(
    subject=rf"(?:cette|cet|ce|la|le|l'|votre) ?{_FR_THING}(?: (?:demandée?|recherchée?))?",
    aside="que vous",
    says=(
        r"(?:a|ont) été (?:\w+ )?(?:supprimée?|retirée?|effacée?)|est (?:introuvable|supprimée?|indisponible)|"
        r"n'existe (?:pas|plus)|n'est (?:plus|pas) disponible|n'a pas été trouvée?|n'a pas pu être trouvée?|introuvable"
    ),
    whole=rf"(?:{_FR_THING} )?(?:introuvable|supprimée?|non trouvée?|retirée?|indisponible)|"
    rf"(?:un modérateur|l'auteur|nous) (?:a|avons) supprimé (?:cette|cet|ce) {_FR_THING}",
)
_ES_THING = (
    r"(?:página|publicación|mensaje|contenido|comentario|tema|hilo|artículo|entrada|perfil|cuenta|vídeo|video|post)"
)
_SPANISH = _Language(
    subject=rf"(?:esta|este|la|el|tu|su) {_ES_THING}(?: solicitad[ao])?",
    aside="que",
    says=(
        r"(?:ha sido|fue|está) (?:\w+ )?(?:eliminad[ao]|borrad[ao]|retirad[ao]|suprimid[ao])|"
        r"se (?:ha eliminado|eliminó)|"
        r"(?:ya )?no existe|(?:ya )?no está disponible|"
        r"no (?:se encontró|se ha encontrado|se encuentra|se puede encontrar)|"
        r"no (?:fue|ha sido) encontrad[ao]|no encontrad[ao]"
    ),
    whole=rf"(?:{_ES_THING} )?(?:no encontrad[ao]|eliminad[ao]|borrad[ao]|no disponible)|"
    rf"(?:un moderador|el autor) (?:ha eliminado|eliminó) (?:esta|este) {_ES_THING}|"
    rf"no existe (?:esta|este|esa|ese) {_ES_THING}",
)
_IT_THING = r"(?:pagina|post|messaggio|contenuto|commento|discussione|articolo|profilo|account|video|pubblicazione)"
_ITALIAN = _Language(
    subject=rf"(?:questa|questo|la|il|l'|lo) ?{_IT_THING}(?: richiest[ao])?",
    aside="che",
    says=(
        r"(?:è stat[ao]|è) (?:\w+ )?(?:eliminat[ao]|rimoss[ao]|cancellat[ao])|non esiste(?: più)?|"
        r"non è (?:più )?disponibile|non è stat[ao] trovat[ao]|non può essere trovat[ao]|non trovat[ao]"
    ),
    whole=rf"(?:{_IT_THING} )?(?:non trovat[ao]|eliminat[ao]|rimoss[ao]|cancellat[ao]|non disponibile)|"
    rf"(?:un moderatore|l'autore) ha (?:rimosso|eliminato) (?:questa|questo) {_IT_THING}",
)
_PT_THING = r"(?:página|publicação|postagem|mensagem|conteúdo|comentário|tópico|artigo|perfil|conta|vídeo|post)"
_PORTUGUESE = _Language(
    subject=rf"(?:esta|este|essa|esse|a|o) {_PT_THING}(?: solicitad[ao])?",
    aside="que",
    says=(
        r"(?:foi|está) (?:\w+ )?(?:removid[ao]|apagad[ao]|excluíd[ao]|eliminad[ao])|não existe(?: mais)?|já não existe|"
        r"não está (?:mais )?disponível|já não está disponível|não (?:foi|pôde ser|pode ser) encontrad[ao]|"
        r"não encontrad[ao]"
    ),
    whole=rf"(?:{_PT_THING} )?(?:não encontrad[ao]|removid[ao]|apagad[ao]|excluíd[ao]|indisponível)|"
    rf"(?:um moderador|o autor) (?:removeu|apagou|excluiu) (?:esta|este) {_PT_THING}",
)
_NL_THING = r"(?:pagina|bericht|post|reactie|inhoud|onderwerp|artikel|profiel|account|video|foto)"
_DUTCH = _Language(
    subject=rf"(?:deze|dit|de|het|uw|je) (?:(?:gevraagde|opgevraagde) )?{_NL_THING}",
    aside="die je|die u|dat je|dat u",
    says=(
        r"(?:is|werd|wordt) (?!niet )(?:\w+ ){0,3}?(?:verwijderd|gewist)|"
        r"(?:is|werd) (?:helaas )?niet (?:meer )?(?:gevonden|beschikbaar)|bestaat (?:helaas )?niet(?: meer)?|"
        r"(?:kon|kan) (?:helaas )?niet (?:worden gevonden|gevonden worden)|niet gevonden"
    ),
    whole=rf"(?:{_NL_THING} )?(?:niet gevonden|verwijderd|niet (?:meer )?beschikbaar)|"
    rf"(?:een moderator|de auteur) heeft (?:deze|dit) {_NL_THING} verwijderd",
)
_PL_THING = r"(?:strona|wpis|post|wiadomość|treść|komentarz|temat|wątek|artykuł|profil|konto|film)"
_POLISH = _Language(
    subject=rf"(?:(?:ta|ten|to|podana|żądana|szukana) )?{_PL_THING}",
    aside="której|którego|który",
    says=(
        r"został[ao]? (?:\w+ )?(?:usunięt[yae]|skasowan[yae])|(?:już )?nie istnieje|nie (?:został[ao]?|może zostać) "
        r"(?:znalezion[yae]|odnalezion[yae])|nie jest (?:już )?dostępn[yae]|(?:jest )?niedostępn[yae]|usunięt[yae]"
    ),
    whole=r"nie znaleziono(?: strony| wpisu| posta| komentarza)?|usunięt[yae]|"
    r"(?:moderator|autor) usunął (?:tę|ten|to) (?:stronę|wpis|post|wiadomość|treść|komentarz|temat|wątek)",
)
_RU_THING = (
    r"(?:страница|пост|запись|сообщение|комментарий|тема|материал|контент|публикация|статья|профиль|аккаунт|видео|фото)"
)
_RUSSIAN = _Language(
    subject=rf"(?:(?:эта|этот|это|данная|данный|данное|запрошенная|запрашиваемая|ваша|ваш) )?{_RU_THING}",
    aside="которую|который|которое",
    says=(
        r"(?:был[ао]? )?(?:удал[её]н[ао]?|скрыт[ао]?)|(?:больше )?не существует|(?:больше )?не ?доступ(?:ен|на|но)|"
        r"(?:был[ао]? )?не найден[ао]?"
    ),
    whole=rf"не найдено|ничего не найдено|удалено|(?:модератор|автор) удалил (?:эту|этот|это) \w+|"
    rf"такой \w+ не существует|"
    rf"{_RU_THING} удал[её]н[ао]? (?:автором|модератором|администрацией)",
)
_JA_THING = (
    r"(?:ページ|投稿|記事|コメント|メッセージ|コンテンツ|スレッド|トピック|動画|画像|アカウント|ツイート|ポスト)"
)
_JAPANESE = _Language(
    subject=rf"(?:(?:この|その|お探しの|指定された|ご指定の|該当の|要求された|アクセスしようとした)?{_JA_THING}[はがを])",
    says=(
        r"(?:すでに|既に)?(?:(?:投稿者|作成者|管理者|モデレーター)により)?(?:削除されました|削除されています|削除済みです?|"
        r"存在しません|見つかりません(?:でした)?|ご利用いただけません|利用できません|表示できません|削除しました)"
    ),
    whole=rf"(?:{_JA_THING}[がは]?)?(?:見つかりません(?:でした)?|削除されました|削除済み|存在しません)",
)
_TR_THING = r"(?:sayfa|gönderi|mesaj|içerik|yorum|konu|başlık|makale|profil|hesap|video|ileti)"
_TURKISH = _Language(
    subject=rf"(?:(?:bu|aradığınız|istenen|istediğiniz|ilgili) )?{_TR_THING}",
    says=(
        r"(?:\w+ tarafından )?(?:silindi|silinmiş(?:tir)?|kaldırıldı|kaldırılmış(?:tır)?|bulunamadı|bulunamıyor|"
        r"(?:artık )?mevcut değil(?:dir)?|(?:artık )?yok|yayından kaldırıldı)"
    ),
    whole=rf"(?:{_TR_THING} )?(?:bulunamadı|silindi|kaldırıldı|mevcut değil)|moderatör bu \w+ (?:sildi|kaldırdı)",
)
_LANGUAGES = (
    *(_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH, _POLISH, _RUSSIAN, _JAPANESE, _TURKISH),
)
_SAYS = re.compile(rf"{_LEAD}(?:{'|'.join(language.pattern() for language in _LANGUAGES)})")


def says_gone(headings: Sequence[str], main: str) -> bool:
    """Whether a page says of itself that it is gone: in a title or heading, or as all that it has to say.

    Both normalised, `main` with its lines kept apart.
    """
    if _announced(headings):
        return True
    return len(main) <= MESSAGE and _announced([main])


def _announced(texts: Iterable[str]) -> bool:
    sentences = (sentence.strip(_EDGES) for text in texts for sentence in _END.split(text))
    return any(_SAYS.match(sentence) for sentence in sentences if sentence and len(sentence) <= SENTENCE)
