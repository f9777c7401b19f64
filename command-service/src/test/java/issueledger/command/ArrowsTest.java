package issueledger.command;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between this module's packages. */
class ArrowsTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("issueledger");

    @Test
    void decisions_know_neither_spring_nor_axon_nor_a_store() {
        noClasses()
                .that()
                .haveNameMatching("issueledger\\.issue\\.(IssueState|IssueCommand|Reason|Refusal)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.axonframework..",
                        "com.mongodb..",
                        "org.sqlite..",
                        "java.sql..",
                        "issueledger.log..",
                        "issueledger.axon..",
                        "issueledger.http..")
                .check(MAIN);
    }

    @Test
    void an_issue_does_not_know_how_it_is_asked() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.issue..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "issueledger.handling..",
                        "issueledger.web..",
                        "issueledger.http..",
                        "issueledger.log..",
                        "org.axonframework..",
                        "org.springframework..",
                        "jakarta..")
                .check(MAIN);
    }

    @Test
    void events_know_nothing_of_what_is_made_of_them() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "issueledger.issue..",
                        "issueledger.handling..",
                        "issueledger.web..",
                        "issueledger.log..",
                        "issueledger.axon..")
                .check(MAIN);
    }

    @Test
    void handling_does_not_know_how_it_is_asked() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.handling..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("issueledger.web..", "jakarta..")
                .check(MAIN);
    }

    @Test
    void no_packages_know_each_other_both_ways() {
        slices().matching("issueledger.(*)..").should().beFreeOfCycles().check(MAIN);
    }
}
