package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.access.Issuer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a ledger that asks for tokens. */
@Tag("full")
class PageTokensTest {
    @TempDir
    private static Path folder;

    private static Browser browser;
    private static Issuer issuer;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        issuer = Issuer.there();
        ledger = Ledger.startWith(Map.of("ISSUE_LEDGER_JWT_ISSUER", issuer.url()), folder.resolve("data"));
        assertThat(ledger.post(
                                "/issues",
                                "{\"id\":\"slow\",\"title\":\"Slow orders\",\"description\":{\"text\":\"5 s\"}}",
                                "Authorization",
                                "Bearer " + issuer.token("mara", "engineer"))
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void close() {
        if (ledger != null) {
            ledger.close();
        }
        if (issuer != null) {
            issuer.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private static void useToken(String page, String subject, String... roles) {
        browser.to(page + "#/access");
        browser.type("#token", issuer.token(subject, roles));
        browser.click("button.primary");
        browser.awaitText(".who", subject);
    }

    @Test
    void a_token_is_asked_for_and_its_role_decides_on_both_names_of_this_machine() {
        for (String host : List.of("localhost", "127.0.0.1")) {
            String page = "http://" + host + ":" + ledger.queryPort() + "/ui/";
            browser.to(page).run("sessionStorage.clear()");
            browser.to(page);
            browser.awaitText("main .notice", "The ledger asks for a token");

            useToken(page, "rita", "reporter");
            assertThat(browser.text("main")).contains("reporter: Open issues, take notes");
            browser.to(page + "#/ledger");
            browser.awaitText(".issues", "Slow orders");
            browser.to(page + "#/analytics");
            browser.awaitText("main .notice", "The roles in your token do not allow this");

            useToken(page, "eno", "engineer");
            browser.to(page + "#/issues/slow");
            browser.click("[data-command=record-note]");
            browser.find("[data-pointer='/kind']").sendKeys("Decision");
            browser.type("[data-pointer='/text']", "Decided at " + host + ".");
            browser.click("dialog [name=send]");
            browser.awaitText("main", "Decided at " + host + ".");
            browser.awaitText(".notes", "eno");
            browser.awaitText(".live", "Live");
            assertThat(browser.faults()).isEmpty();
        }
    }

    @Test
    void a_token_that_is_not_accepted_is_told_and_never_kept_beyond_the_tab() {
        String page = "http://localhost:" + ledger.queryPort() + "/ui/";
        browser.to(page + "#/access");
        browser.type("#token", issuer.token("mallory", "auditor") + "x");
        browser.click("button.primary");
        browser.to(page + "#/ledger");
        browser.awaitText("main .notice", "The token is not accepted.");
        assertThat(browser.run("return JSON.stringify(localStorage)"))
                .asString()
                .doesNotContain("eyJ");
    }
}
