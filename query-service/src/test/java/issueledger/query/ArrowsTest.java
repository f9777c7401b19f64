package issueledger.query;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between this module's packages. */
class ArrowsTest {
    /** A read model's storage in one kind of store, and the projection that opens it. */
    private static final String ADAPTER = ".*\\.((Sqlite|Mongo)[A-Z].*|[A-Z]\\w*Projection(\\$.*)?)";

    private static JavaClasses service;

    @BeforeAll
    static void readTheClassesOfTheService() {
        service = new ClassFileImporter()
                .importUrl(
                        QueryService.class.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void the_fold_is_plain_java_on_events() {
        noClasses()
                .that()
                .haveNameMatching("issueledger\\.issues\\.IssueView(\\$.*)?")
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                                "java..",
                                "issueledger.events",
                                "issueledger.template",
                                "com.fasterxml.jackson.annotation",
                                "org.jspecify.annotations")
                        .and(not(nameMatching("(\\[L)?issueledger\\.issues\\.IssueView(\\$.*)?"))))
                .check(service);
    }

    @Test
    void rooms_are_free_of_cycles() {
        slices().matching("issueledger.(*)..").should().beFreeOfCycles().check(service);
    }

    @Test
    void running_projections_knows_none_of_the_questions() {
        noClasses()
                .that()
                .resideInAPackage("issueledger.projections..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "issueledger.issues..",
                        "issueledger.timeline..",
                        "issueledger.metrics..",
                        "issueledger.diff..",
                        "issueledger.history..",
                        "issueledger.stream..",
                        "issueledger.audit..",
                        "issueledger.analytics..")
                .check(service);
    }

    @Test
    void only_projections_and_their_adapters_know_mongodb() {
        noClasses()
                .that()
                .resideOutsideOfPackage("issueledger.projections..")
                .and()
                .haveNameNotMatching(ADAPTER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.mongodb..", "org.bson..", "de.bwaldvogel..")
                .check(service);
    }

    @Test
    void only_projections_and_their_adapters_know_sqlite_and_none_knows_how_the_log_is_kept() {
        noClasses()
                .that()
                .resideOutsideOfPackage("issueledger.projections..")
                .and()
                .haveNameNotMatching(ADAPTER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.sqlite..", "java.sql..")
                .check(service);
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("issueledger.log.sqlite..")
                        .and(not(nameMatching("issueledger\\.log\\.sqlite\\.SqliteErrors"))))
                .check(service);
    }
}
